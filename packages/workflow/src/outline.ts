import { type Block, type BlockType, block, type JsonValue, type WorkflowDefinition } from "./definition.ts";
import { excerpt } from "./problem.ts";

/** A block as far as it can be read; its shape may be wrong. */
export interface BlockOutline {
  readonly index: number;
  readonly id: string | null;
  readonly name: string | null;
  /** How a sentence about it begins: `Block "Answer"`, or `Block 3` while it has no name. */
  readonly label: string;
  readonly type: BlockType | null;
  readonly fields: JsonObject;
  /** Null while its shape is wrong. */
  readonly block: Block | null;
}

export interface EdgeOutline {
  readonly index: number;
  readonly id: string | null;
  readonly source: string;
  readonly sourceHandle: string | null;
  readonly target: string;
}

/** What can be said about a definition whose shape may be wrong in places. */
export interface Outline {
  readonly blocks: readonly BlockOutline[];
  readonly edges: readonly EdgeOutline[];
  /** False when a block has no id or an edge no ends: who leads to whom can then not be judged. */
  readonly connectionsKnown: boolean;
  readonly variables: readonly { readonly index: number; readonly name: string }[];
  /** False when a variable has no name. */
  readonly variablesKnown: boolean;
}

type JsonObject = { readonly [key: string]: JsonValue };

const blockTypes: ReadonlyMap<string, BlockType> = new Map(
  block.options.map((option) => [option.shape.type.value, option.shape.type.value]),
);

/** `definition` is what the schema made of `value`, or null when it refused it. */
export function outlineOf(value: JsonValue | undefined, definition: WorkflowDefinition | null): Outline {
  const root = objectOf(value);
  const rawBlocks = listOf(root["blocks"]);
  const rawEdges = listOf(root["edges"]);
  const rawVariables = listOf(root["variables"]);

  const blocks = rawBlocks.map((raw, index) => outlineBlock(raw, index, definition));
  const edges = rawEdges.map(outlineEdge).filter((edge) => edge !== null);
  const variables = rawVariables.flatMap((raw, index) => {
    const name = textOf(objectOf(raw), "name");
    return name === null ? [] : [{ index, name }];
  });
  return {
    blocks,
    edges,
    connectionsKnown:
      Array.isArray(root["edges"]) &&
      edges.length === rawEdges.length &&
      blocks.every((one) => one.id !== null),
    variables,
    variablesKnown: Array.isArray(root["variables"]) && variables.length === rawVariables.length,
  };
}

function outlineBlock(raw: JsonValue, index: number, definition: WorkflowDefinition | null): BlockOutline {
  const fields = objectOf(raw);
  const name = textOf(fields, "name")?.trim() ?? null;
  return {
    index,
    id: textOf(fields, "id"),
    name,
    label: blockLabel(raw, index),
    type: blockTypes.get(textOf(fields, "type") ?? "") ?? null,
    fields,
    block: definition?.blocks[index] ?? block.safeParse(raw).data ?? null,
  };
}

/** How a sentence about a block begins. */
export function blockLabel(raw: JsonValue | undefined, index: number): string {
  const name = textOf(objectOf(raw), "name")?.trim() ?? "";
  return name === "" ? `Block ${index + 1}` : `Block "${excerpt(name)}"`;
}

function outlineEdge(raw: JsonValue, index: number): EdgeOutline | null {
  const fields = objectOf(raw);
  const source = textOf(fields, "source");
  const target = textOf(fields, "target");
  return source === null || target === null
    ? null
    : { index, id: textOf(fields, "id"), source, sourceHandle: textOf(fields, "sourceHandle"), target };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(fields: JsonObject, key: string): string | null {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof value === "string" ? value : null;
}
