import { Cerebras } from "@cerebras/cerebras_cloud_sdk";
import Groq from "groq-sdk";
import OpenAI from "openai";
import { z } from "zod";
import { type Driver, type Question, signalOf, statusProperty } from "../driver.ts";
import type { TestServer } from "../test-server.ts";

export function openaiClient({ server, fetchOptions }: TestServer, apiKey = "test-key"): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0, fetchOptions });
}

export function groqClient({ server, fetchOptions }: TestServer, apiKey = "test-key"): Groq {
  return new Groq({ apiKey, baseURL: server.url, maxRetries: 0, fetchOptions });
}

export function cerebrasClient({ server, httpsAgent }: TestServer, apiKey = "test-key"): Cerebras {
  const quiet = { maxRetries: 0, warmTCPConnection: false };
  return new Cerebras({ apiKey, baseURL: server.url, httpAgent: httpsAgent, ...quiet });
}

/** How an SDK of this wire is called; each has types of its own for the same JSON. */
interface ChatSdk {
  readonly model: string;
  readonly whole: (params: ChatParams, question: Question) => Promise<unknown>;
  readonly stream: (params: ChatParams, question: Question) => Promise<AsyncIterable<unknown>>;
}

interface ChatParams {
  readonly model: string;
  readonly messages: { readonly role: "user"; readonly content: string }[];
}

const usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const completion = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) });
const chunk = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })),
  usage: usage.nullish(),
  x_groq: z.object({ usage }).optional(),
});

export function openaiDriver(fixture: TestServer): Driver {
  const options = { include_usage: true };
  return chatDriver({
    model: "gpt-4.1",
    whole: (params, question) =>
      openaiClient(fixture, question.key).chat.completions.create(params, signalOf(question)),
    stream: (params, question) =>
      openaiClient(fixture, question.key).chat.completions.create(
        { ...params, stream: true, stream_options: options },
        signalOf(question),
      ),
  });
}

export function groqDriver(fixture: TestServer): Driver {
  return chatDriver({
    model: "llama-3.3-70b-versatile",
    whole: (params, question) =>
      groqClient(fixture, question.key).chat.completions.create(params, signalOf(question)),
    stream: (params, question) =>
      groqClient(fixture, question.key).chat.completions.create(
        { ...params, stream: true },
        signalOf(question),
      ),
  });
}

export function cerebrasDriver(fixture: TestServer): Driver {
  const options = { include_usage: true };
  return chatDriver({
    model: "gpt-oss-120b",
    whole: (params, question) =>
      cerebrasClient(fixture, question.key).chat.completions.create(params, signalOf(question)),
    stream: (params, question) =>
      cerebrasClient(fixture, question.key).chat.completions.create(
        { ...params, stream: true, stream_options: options },
        signalOf(question),
      ),
  });
}

function chatDriver(sdk: ChatSdk): Driver {
  const paramsOf = ({ model, prompt }: Question): ChatParams => ({
    model: model ?? sdk.model,
    messages: [{ role: "user", content: prompt }],
  });
  return {
    model: sdk.model,
    statuses: { overloaded: 503, badKey: 401 },
    statusOf: statusProperty,
    async ask(question) {
      const { choices } = completion.parse(await sdk.whole(paramsOf(question), question));
      return choices.map((choice) => choice.message.content).join("");
    },
    async *stream(question) {
      const stream = await sdk.stream(paramsOf(question), question);
      question.onOpen?.();
      for await (const received of stream) {
        const { choices, usage, x_groq } = chunk.parse(received);
        const text = choices[0]?.delta.content ?? "";
        if (text !== "") yield { type: "text", text };
        const billed = usage ?? x_groq?.usage ?? null;
        if (billed !== null) {
          const { prompt_tokens, completion_tokens } = billed;
          yield { type: "final", inputTokens: prompt_tokens, outputTokens: completion_tokens };
        }
      }
    },
  };
}
