/** What a model is asked, whichever wire the question came over. */
export interface Ask {
  readonly model: string;
  readonly stream: boolean;
  /** System prompt and developer messages, joined; empty when there are none. */
  readonly instructions: string;
  /** Oldest first. No two of the assistant and no two of the tools follow each other: wires that split them are joined. */
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** False: at most one tool call in the answer. */
  readonly parallelTools: boolean;
  /** The JSON schema that the answer's text must satisfy; null: prose. */
  readonly outputSchema: JsonSchema | null;
  /** Null: no bound. */
  readonly maxTokens: number | null;
}

export type Turn =
  | { readonly role: "user"; readonly text: string; readonly attachments: readonly Attachment[] }
  | { readonly role: "assistant"; readonly text: string; readonly callIds: readonly string[] }
  | { readonly role: "tools"; readonly results: readonly ToolResult[] };

export interface ToolResult {
  readonly callId: string;
  readonly text: string;
}

/** An image or a document of a prompt. */
export interface Attachment {
  /** As the wire says it: `image/png`, or only `png` on Bedrock. */
  readonly mediaType: string;
  /** Decoded size; null: named by an address, not sent. */
  readonly bytes: number | null;
}

export interface Tool {
  readonly name: string;
  readonly inputSchema: JsonSchema;
}

export type ToolChoice =
  | { readonly kind: "auto" | "any" | "none" }
  | { readonly kind: "tool"; readonly name: string };

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The newest turn that is not the model's own: what it is to answer. Null for a conversation of the assistant alone. */
export function newestQuestion(ask: Ask): Exclude<Turn, { role: "assistant" }> | null {
  return ask.turns.findLast((turn) => turn.role !== "assistant") ?? null;
}

/** Joins turns that a wire sends apart: parallel calls, their results, and text beside calls. */
export function joinTurns(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role === "tools" && turn.role === "tools") {
      joined.splice(-1, 1, { role: "tools", results: [...last.results, ...turn.results] });
    } else if (last?.role === "assistant" && turn.role === "assistant") {
      const text = [last.text, turn.text].filter((part) => part !== "").join("\n");
      joined.splice(-1, 1, { role: "assistant", text, callIds: [...last.callIds, ...turn.callIds] });
    } else joined.push(turn);
  }
  return joined;
}

/** Size of what base64 decodes to. */
export function base64Bytes(encoded: string): number {
  return Buffer.byteLength(encoded, "base64");
}
