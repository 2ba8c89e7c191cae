import { expect, test } from "vitest";
import { guardedFetchWith, serve } from "./testing/egress.ts";
import type { LocalServer } from "./testing/local-server.ts";

function redirecting(location: (port: number) => string, status = 307): Promise<LocalServer> {
  const server: Promise<LocalServer> = serve((request, response) => {
    if (request.url !== "/start") return void response.end(`arrived with ${request.method} ${request.body}`);
    void server.then(({ port }) => response.writeHead(status, { Location: location(port) }).end("moved"));
  }, true);
  return server;
}

const post = {
  method: "POST",
  body: "prompt",
  headers: {
    Authorization: "Bearer secret",
    Cookie: "secret",
    "X-Api-Key": "secret",
    "Api-Key": "secret",
    "X-Goog-Api-Key": "secret",
    "Mcp-Session-Id": "secret",
    "X-Plain": "kept",
  },
};

test("a redirect on the same origin is followed with its method, body and credentials", async () => {
  const server = await redirecting(() => "/end");
  const response = await guardedFetchWith().fetch(`https://service.test:${server.port}/start`, post);
  expect(await response.text()).toBe("arrived with POST prompt");
  expect(server.received[1]?.headers).toMatchObject({ authorization: "Bearer secret", "x-plain": "kept" });
});

test("a 303 becomes a GET without body", async () => {
  const server = await redirecting(() => "/end", 303);
  const response = await guardedFetchWith().fetch(`https://service.test:${server.port}/start`, post);
  expect(await response.text()).toBe("arrived with GET ");
});

test("across origins every credential is dropped", async () => {
  const server = await redirecting((port) => `https://other.test:${port}/end`);
  await (await guardedFetchWith().fetch(`https://service.test:${server.port}/start`, post)).text();
  expect(JSON.stringify(server.received[0])).toContain("secret");
  expect(JSON.stringify(server.received[1])).not.toContain("secret");
  expect(server.received[1]).toMatchObject({ servername: "other.test", headers: { "x-plain": "kept" } });
});

test("to a private address, a name or a literal in any spelling, is refused and nobody hears of it", async () => {
  const internal = await serve((_request, response) => response.end("internal"), true);
  for (const host of ["127.0.0.2", "2130706434", "[::1]", "[::ffff:127.0.0.2]", "internal.test"]) {
    const server = await redirecting(() => `https://${host}:${internal.port}/`);
    const guarded = guardedFetchWith({
      resolve: async (name) => [{ address: name === "internal.test" ? "10.0.0.1" : "127.0.0.1", family: 4 }],
    });
    await expect(guarded.fetch(`https://service.test:${server.port}/start`)).rejects.toMatchObject({
      failure: "ADDRESS_NOT_ALLOWED",
    });
  }
  expect(internal.sockets.size).toBe(0);
});

test("to plain http, another scheme, a blocked port or a URL with credentials is refused", async () => {
  const expected = {
    "http://service.test/": "SCHEME_NOT_ALLOWED",
    "file:///etc/passwd": "SCHEME_NOT_ALLOWED",
    "https://service.test:25/": "PORT_NOT_ALLOWED",
    "https://user:pass@service.test/": "INVALID_URL",
  };
  for (const [target, failure] of Object.entries(expected)) {
    const server = await redirecting(() => target);
    await expect(guardedFetchWith().fetch(`https://service.test:${server.port}/start`)).rejects.toMatchObject(
      { failure },
    );
  }
});

test("a sixth redirect is refused", async () => {
  const server = await serve((request, response) => {
    const step = Number(request.url.slice(1));
    if (step === 0) response.end("done");
    else response.writeHead(302, { Location: `/${step - 1}` }).end();
  }, true);
  const guarded = guardedFetchWith();
  expect(await (await guarded.fetch(`https://service.test:${server.port}/5`)).text()).toBe("done");
  await expect(guarded.fetch(`https://service.test:${server.port}/6`)).rejects.toMatchObject({
    failure: "TOO_MANY_REDIRECTS",
  });
});

test("a redirect may have an endless body, which is not read", async () => {
  const server = await serve((request, response) => {
    if (request.url === "/start") response.writeHead(307, { Location: "/end" }).write("and ");
    else response.end("end");
  }, true);
  expect(await (await guardedFetchWith().fetch(`https://service.test:${server.port}/start`)).text()).toBe(
    "end",
  );
});

test("whoever asks for no redirects gets the answer itself, or a failure", async () => {
  const server = await redirecting(() => "https://127.0.0.2/");
  const guarded = guardedFetchWith();
  const url = `https://service.test:${server.port}/start`;
  const manual = await guarded.fetch(url, { redirect: "manual" });
  expect(manual.status).toBe(307);
  expect(await manual.text()).toBe("moved");
  await expect(guarded.fetch(url, { redirect: "error" })).rejects.toThrow(TypeError);
});
