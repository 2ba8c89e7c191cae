import type { AdapterClient } from "../adapter.ts";
import { chatEvents } from "./chat-events.ts";
import { chatRequest } from "./chat-request.ts";
import type { ChatDialect } from "./dialect.ts";
import { type PostingSdk, postedEvents } from "./posted-events.ts";

/** Chat completions through an SDK. */
export function chatClient(sdk: PostingSdk, dialect: ChatDialect): AdapterClient {
  return {
    async *stream(request, signal) {
      const body = chatRequest(dialect, request);
      yield* chatEvents(postedEvents(sdk, dialect.path, body, signal), request);
    },
  };
}
