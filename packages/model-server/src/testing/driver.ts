/** One question, asked alike over every wire. */
export interface Question {
  readonly prompt: string;
  readonly model?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** Called when the SDK hands out the stream. */
  readonly onOpen?: () => void;
}

/** What a stream brings: text, and the event that tells the client that the answer is whole, with what is billed. */
export type Brought =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "final"; readonly inputTokens: number; readonly outputTokens: number };

/** A provider's SDK behind one small face, without retries, so that one suite asks for the same over every wire. */
export interface Driver {
  readonly model: string;
  /** An answer that is no stream. */
  readonly ask: (question: Question) => Promise<string>;
  readonly stream: (question: Question) => AsyncIterable<Brought>;
  /** Of an overloaded provider and of a wrong key, as this one has them. */
  readonly statuses: { readonly overloaded: number; readonly badKey: number };
  /** Of an SDK's error; null: it has none, because no answer came. */
  readonly statusOf: (error: Error) => number | null;
}

export function signalOf({ signal }: Question): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** Most SDKs put it there. */
export function statusProperty(error: Error): number | null {
  return "status" in error && typeof error.status === "number" ? error.status : null;
}
