import { expect, test } from "vitest";
import { transportHandler } from "./transport-handler.ts";

const request = {
  protocol: "https:",
  hostname: "sso.example",
  path: "/federation/credentials",
  method: "GET",
  headers: { host: "sso.example", "Content-Length": "2", "x-amz-bearer": "token" },
};

async function sent(more: object = {}) {
  let seen: { url: string; init: RequestInit | undefined } | null = null;
  const handler = transportHandler({
    fetch(input, init) {
      seen = { url: typeof input === "string" ? input : "not a text", init };
      return Promise.resolve(new Response(null, { status: 204, headers: { "X-Amzn-RequestId": "one" } }));
    },
  });
  const { response } = await handler.handle({ ...request, ...more });
  return { seen, response };
}

test("a query is sent encoded, a parameter of several values several times, one without a value empty", async () => {
  const query = { role_name: "a b&c", scope: ["x", "y"], flag: null };
  const { seen } = await sent({ query });
  expect(seen).toMatchObject({
    url: "https://sso.example/federation/credentials?role_name=a%20b%26c&scope=x&scope=y&flag=",
  });
});

test("the port and the encoded path are kept; fetch makes host and length by itself", async () => {
  const { seen } = await sent({ port: 8443, path: "/model/a%3A0", method: "POST", body: "{}" });
  expect(seen).toMatchObject({
    url: "https://sso.example:8443/model/a%3A0",
    init: { method: "POST", body: "{}", headers: [["x-amz-bearer", "token"]] },
  });
});

test("a GET has no body, and an answer without one is an empty one", async () => {
  const { seen, response } = await sent({ body: "ignored" });
  expect(seen).toMatchObject({ init: { body: null } });
  expect(response).toEqual({
    statusCode: 204,
    reason: "",
    headers: { "x-amzn-requestid": "one" },
    body: new Uint8Array(),
  });
});
