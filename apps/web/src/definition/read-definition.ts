import type { JsonValue, StartInput } from "@gantry/workflow";

export interface GraphBlock {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number } | null;
  /** The block as written. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
}

export interface Graph {
  readonly blocks: readonly GraphBlock[];
  readonly edges: readonly GraphEdge[];
}

/**
 * What can be drawn of a definition. A draft may be half-written: what has no id is left out, and edges to blocks
 * that do not exist are dropped. Judging it is `validate`'s work.
 */
export function readGraph(definition: unknown): Graph {
  const blocks = uniqueById(listAt(definition, "blocks").flatMap(readBlock));
  const ids = new Set(blocks.map((block) => block.id));
  const edges = uniqueById(listAt(definition, "edges").flatMap(readEdge));
  return { blocks, edges: edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)) };
}

/** The start block's typed inputs; none when there is no start block. */
export function readStartInputs(graph: Graph): readonly StartInput[] {
  const start = graph.blocks.find((block) => block.type === "start");
  return listAt(start?.fields, "inputs").flatMap(readStartInput);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readBlock(value: unknown): GraphBlock[] {
  if (!isRecord(value) || typeof value["id"] !== "string") return [];
  const { id, name, type, position } = value;
  return [
    {
      id,
      name: typeof name === "string" && name.trim() !== "" ? name : id,
      type: typeof type === "string" ? type : "unknown",
      position:
        isRecord(position) && isFinite(position["x"]) && isFinite(position["y"])
          ? { x: position["x"], y: position["y"] }
          : null,
      fields: value,
    },
  ];
}

function readEdge(value: unknown): GraphEdge[] {
  if (!isRecord(value)) return [];
  const { id, source, sourceHandle, target } = value;
  if (typeof source !== "string" || typeof target !== "string") return [];
  const handle = typeof sourceHandle === "string" ? sourceHandle : "out";
  return [
    {
      id: typeof id === "string" ? id : `${source}:${handle}:${target}`,
      source,
      sourceHandle: handle,
      target,
    },
  ];
}

function readStartInput(value: unknown): StartInput[] {
  if (!isRecord(value) || typeof value["name"] !== "string") return [];
  const { name, type, required, description } = value;
  if (type !== "string" && type !== "number" && type !== "boolean" && type !== "json") return [];
  return [
    {
      name,
      type,
      required: required === true,
      ...(typeof description === "string" ? { description } : {}),
      ...(isJson(value["default"]) ? { default: value["default"] } : {}),
    },
  ];
}

/** Definitions arrive as JSON, so anything but `undefined` is a JSON value. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

/** The list under a key; empty when there is none. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function uniqueById<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
