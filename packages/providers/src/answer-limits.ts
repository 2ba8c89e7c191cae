/** How long an answer may be awaited, and how large it may become, whoever named the address. */
export interface AnswerLimits {
  /** From the request to the first byte of the answer. 60 s unless told otherwise. */
  readonly firstByteTimeoutMs: number;
  /** Between two chunks of an answer. 30 s unless told otherwise; providers send a ping about every 10 s while a model thinks. */
  readonly betweenBytesTimeoutMs: number;
  /** The largest answer, framing included. 64 MB unless told otherwise: a stream of 128,000 tokens is about 20 MB. */
  readonly responseBytesMax: number;
}

export const answerLimits: AnswerLimits = {
  firstByteTimeoutMs: 60_000,
  betweenBytesTimeoutMs: 30_000,
  responseBytesMax: 64_000_000,
};
