import type { ProviderId } from "../port.ts";

/** In what the servers that speak chat completions differ, as far as a request is concerned. */
export interface ChatDialect {
  readonly provider: ProviderId;
  /** As sentences name it. */
  readonly name: string;
  /** Below the SDK's base URL. */
  readonly path: string;
  readonly tokenLimit: (model: string) => "max_tokens" | "max_completion_tokens";
  /**
   * How a response schema is asked for.
   * - `any`: as it is, the server keeps to it.
   * - `strict_or_loose`: strictly where strict mode can express it, as a hint where not.
   * - `prompt`: in the system text.
   *
   * Beside tools it is in the system text everywhere: vLLM and ollama call no tool then (vllm-project/vllm#39929),
   * Cerebras and Groq refuse both together.
   */
  readonly responseSchema: "any" | "strict_or_loose" | "prompt";
  /** Whether PDFs can be sent. Images can everywhere, though not every model sees them. */
  readonly pdf: boolean;
  /** Whether the usage of a stream has to be asked for. */
  readonly streamOptions: boolean;
}
