import type { AdapterClient } from "../adapter.ts";
import { type PostingSdk, postedEvents } from "../chat-completions/posted-events.ts";
import { responsesEvents } from "./responses-events.ts";
import { responsesRequest } from "./responses-request.ts";

/** The Responses API through the SDK. */
export function responsesClient(sdk: PostingSdk): AdapterClient {
  return {
    async *stream(request, signal) {
      const body = responsesRequest(request);
      yield* responsesEvents(postedEvents(sdk, "/responses", body, signal));
    },
  };
}
