import type { Guard, Refused } from "./guard.ts";
import type { Hop } from "./redirect.ts";
import { prepareHeaders, type RequestHeaders } from "./request-headers.ts";

const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** What somebody asks for, as the first request to be sent. Judges everything but the addresses of its host. */
export function firstHop(
  request: {
    readonly method: string;
    readonly url: string;
    readonly headers: RequestHeaders;
    readonly body: Hop["body"];
  },
  guard: Guard,
): { readonly ok: true; readonly hop: Hop } | Refused {
  const checked = guard.checkUrl(request.url);
  if (!checked.ok) return checked;
  if (!METHOD.test(request.method)) return unsendable("The method is not one that can be sent");
  const headers = prepareHeaders(request.headers);
  if (headers === null) return unsendable("A header's name or value cannot be sent");
  return { ok: true, hop: { method: request.method, url: checked.url, headers, body: request.body } };
}

function unsendable(message: string): Refused {
  return { ok: false, failure: "INVALID_URL", message };
}
