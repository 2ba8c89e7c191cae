import { GoogleGenAI } from "@google/genai";
import { type Driver, type Question, statusProperty } from "../driver.ts";
import type { TestServer } from "../test-server.ts";

export function geminiClient({ server, fetchOptions }: TestServer, apiKey = "test-key"): GoogleGenAI {
  return new GoogleGenAI({
    apiKey,
    httpOptions: {
      baseUrl: server.url,
      fetch: (input, init) => fetch(input, { ...init, ...fetchOptions }),
    },
  });
}

export function geminiDriver(fixture: TestServer): Driver {
  const model = "gemini-2.5-flash";
  const paramsOf = ({ model: asked, prompt, signal }: Question) => ({
    model: asked ?? model,
    contents: prompt,
    config: signal === undefined ? {} : { abortSignal: signal },
  });
  return {
    model,
    statuses: { overloaded: 503, badKey: 400 },
    statusOf: statusProperty,
    async ask(question) {
      const response = await geminiClient(fixture, question.key).models.generateContent(paramsOf(question));
      return response.text ?? "";
    },
    async *stream(question) {
      const stream = await geminiClient(fixture, question.key).models.generateContentStream(
        paramsOf(question),
      );
      question.onOpen?.();
      for await (const chunk of stream) {
        if (chunk.text !== undefined && chunk.text !== "") yield { type: "text", text: chunk.text };
        if (chunk.candidates?.[0]?.finishReason !== undefined) {
          const { promptTokenCount = 0, candidatesTokenCount = 0 } = chunk.usageMetadata ?? {};
          yield { type: "final", inputTokens: promptTokenCount, outputTokens: candidatesTokenCount };
        }
      }
    },
  };
}
