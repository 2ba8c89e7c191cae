import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "./answer/answer.ts";
import type { Ask } from "./answer/ask.ts";

/** One provider's protocol for one kind of call: how a request is read, and how an answer or a refusal is written. */
export interface Wire {
  /** The API key or access key id of a request; null: it carries none in a form that this provider takes. */
  readonly credentialOf: (line: RequestLine) => string | null;
  readonly read: (body: unknown) => Reading;
  /** Sent with every answer: the request's id under the provider's name for it. */
  readonly headers: (requestId: string) => Readonly<Record<string, string>>;
  readonly refuse: (refusal: Refusal, requestId: string) => WrittenRefusal;
}

export interface RequestLine {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

export type Reading =
  | { readonly kind: "call"; readonly call: WireCall }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A request that was understood, with the ways to answer it. */
export interface WireCall {
  readonly ask: Ask;
  /** The answer as one JSON value. */
  readonly whole: (answer: Answer, head: AnswerHead) => unknown;
  readonly stream: (answer: Answer, head: AnswerHead) => AnswerStream;
}

/** What makes an answer this one. */
export interface AnswerHead {
  /** Counts the server's requests: ids are made from it. */
  readonly sequence: number;
  readonly requestId: string;
}

/** Bytes of one event. */
export type Frame = string | Uint8Array;

/** An answer as a stream, apart from its timing. Whoever sends it decides on pace and faults. */
export interface AnswerStream {
  readonly contentType: string;
  /** Before the first token, without any text. */
  readonly opening: readonly Frame[];
  /** What is sent with each token. */
  readonly steps: readonly (readonly Frame[])[];
  /** What tells the client that the answer is whole; the last one is what a client waits for. */
  readonly closing: readonly (readonly Frame[])[];
  /** An error instead of the rest. `type` is the wire's own name; null: its usual one. */
  readonly failure: (type: string | null) => readonly Frame[];
}

/** Why a request is not answered. Each wire has its own status, name and sentence for it. */
export type Refusal =
  | { readonly kind: "no_key" | "bad_key" | "too_large" | "not_json" }
  | { readonly kind: "bad_request"; readonly message: string }
  | { readonly kind: "unknown_model"; readonly model: string }
  | { readonly kind: "not_found" | "internal"; readonly message: string }
  | { readonly kind: "overloaded"; readonly retryAfterSeconds: number | null }
  | {
      readonly kind: "asked";
      readonly status: number;
      /** The wire's own name for the error; null: what the wire calls the status. */
      readonly type: string | null;
      readonly message: string;
      readonly retryAfterSeconds: number | null;
    };

export interface WrittenRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What problems of a parsed body are told as. */
export function badRequest(problems: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): Reading {
  const sentences = problems.issues.map(
    (issue) => `${issue.path.map(String).join(".") || "body"}: ${issue.message}`,
  );
  return { kind: "refused", refusal: { kind: "bad_request", message: sentences.join("; ") } };
}

/** The key of `authorization: Bearer ...`. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}

export function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** The `retry-after` header, where there is something to say in it. */
export function retryAfter(seconds: number | null): Readonly<Record<string, string>> {
  return seconds === null ? {} : { "retry-after": String(seconds) };
}
