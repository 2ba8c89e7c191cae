import { describe, expect, test } from "vitest";
import { fromOwnPages } from "./same-origin.ts";

function judged(headers: Record<string, string>, publicUrl: string | null = null): boolean {
  return fromOwnPages((name) => headers[name], publicUrl);
}

describe("requests with a session cookie", () => {
  test.each([
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    // What the browser says about the site wins over an address that looks right.
    [{ "sec-fetch-site": "cross-site", origin: "http://gantry.local", host: "gantry.local" }, false],
    [{ origin: "http://gantry.local:3000", host: "gantry.local:3000" }, true],
    [{ origin: "http://evil.example", host: "gantry.local:3000" }, false],
    [{ origin: "null", host: "gantry.local:3000" }, false],
    [{ host: "gantry.local:3000" }, false],
    [{}, false],
  ])("%j is from our own pages: %s", (headers, own) => {
    expect(judged(headers)).toBe(own);
  });

  test("behind a proxy the public address counts, not the one that the proxy connects to", () => {
    const publicUrl = "https://gantry.example/";
    expect(judged({ origin: "https://gantry.example", host: "10.0.0.7:3000" }, publicUrl)).toBe(true);
    expect(judged({ origin: "http://10.0.0.7:3000", host: "10.0.0.7:3000" }, publicUrl)).toBe(false);
  });
});
