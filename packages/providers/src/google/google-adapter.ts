// The build for browsers: the one for Node reads GOOGLE_API_KEY and GEMINI_API_KEY for every client, whatever it is given,
// and prints a warning where both are set. It also brings Google's login library and a WebSocket, which nothing here uses.
import { GoogleGenAI } from "@google/genai/web";
import { type Adapter, InvalidRequest } from "../adapter.ts";
import { boundedEvents } from "../bounded-events.ts";
import { contentEvents } from "./content-events.ts";
import { contentRequest } from "./content-request.ts";
import { readGoogleFailure } from "./google-failures.ts";
import { UnusableAnswer } from "./unusable-answer.ts";

/** The Gemini API through Google's own SDK. Not Vertex AI, which asks for another kind of credential. */
export const googleAdapter: Adapter<"google"> = {
  provider: "google",
  name: "Google",
  identityOf: ({ apiKey, baseUrl }) => [apiKey, baseUrl ?? null],
  createClient({ apiKey, baseUrl }, transport) {
    // Without `retryOptions` the SDK makes one attempt, without `timeout` it sets none.
    const sdk = new GoogleGenAI({
      vertexai: false,
      apiKey,
      apiVersion: "v1beta",
      httpOptions: {
        baseUrl: baseUrl ?? "https://generativelanguage.googleapis.com",
        fetch: boundedEvents(transport.fetch),
      },
    });
    return {
      async *stream(request, signal) {
        refuseToken(apiKey);
        const { model, contents, config } = contentRequest(request);
        // The SDK never takes its listener off the signal it is given, and leaves a body that nobody reads on open.
        const ours = new AbortController();
        const abort = () => ours.abort(signal.reason);
        signal.addEventListener("abort", abort, { once: true });
        if (signal.aborted) abort();
        try {
          const chunks = await sdk.models.generateContentStream({
            model,
            contents,
            config: { ...config, abortSignal: ours.signal },
          });
          yield* contentEvents(chunks, request);
        } catch (error) {
          throw isUnreadable(error) ? new UnusableAnswer("Its answer is not in Gemini's form.") : error;
        } finally {
          signal.removeEventListener("abort", abort);
          ours.abort();
        }
      },
    };
  },
  readFailure: readGoogleFailure,
};

/** The SDK throws on one too, but nothing that could be told from a fault of ours. */
function refuseToken(apiKey: string): void {
  if (apiKey.startsWith("auth_tokens/")) throw new InvalidRequest("The key is a token for the live API.");
}

/** For what it cannot read the SDK throws a plain error or lets the parser's pass; all others have a class of their own. */
function isUnreadable(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.constructor === Error);
}
