import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import type { Resolve } from "./guard.ts";
import { egressWith, get, never, serve, textOf } from "./testing/egress.ts";
import { startLocalServer } from "./testing/local-server.ts";

describe("a request", () => {
  test("carries method, path, headers and body, and brings back status, headers and body", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(201, { "X-One": "1", "Set-Cookie": ["a=1", "b=2"] });
      response.end("créé");
    });
    const url = `http://service.test:${server.port}/path?q=%20x#fragment`;
    const request = get(url, {
      method: "POST",
      headers: { "Content-Type": "text/plain", "X-Own": "é" },
      body: "bödy",
    });
    const result = await egressWith().fetch(request, never);
    expect(textOf(result)).toBe("créé");
    expect(result).toMatchObject({
      ok: true,
      response: { status: 201, url, headers: { "x-one": "1", "set-cookie": "a=1, b=2" } },
    });
    expect(server.received).toMatchObject([
      {
        method: "POST",
        url: "/path?q=%20x",
        body: "bödy",
        headers: {
          host: `service.test:${server.port}`,
          "content-type": "text/plain",
          "x-own": "é",
          "content-length": "5",
        },
      },
    ]);
  });

  test("over https names the host to the server and checks its certificate", async () => {
    const server = await serve((_request, response) => response.end("secure"), true);
    const egress = egressWith();
    expect(textOf(await egress.fetch(get(`https://service.test:${server.port}/`), never))).toBe("secure");
    expect(server.received).toMatchObject([
      { servername: "service.test", headers: { host: `service.test:${server.port}` } },
    ]);
    const wrongName = await egress.fetch(get(`https://stranger.test:${server.port}/`), never);
    expect(wrongName).toMatchObject({
      ok: false,
      failure: "CONNECTION_FAILED",
      message: expect.stringContaining("CERT"),
    });
    const untrusted = await egressWith({ ca: [] }).fetch(get(`https://service.test:${server.port}/`), never);
    expect(untrusted).toMatchObject({ ok: false, failure: "CONNECTION_FAILED" });
    expect(server.received).toHaveLength(1);
  });

  test("headers that the transport owns are left out, so that nobody forges a host or splits a request", async () => {
    const server = await serve((_request, response) => response.end());
    const headers = {
      Host: "forged.test",
      "Content-Length": "1",
      "Transfer-Encoding": "chunked",
      Connection: "upgrade",
      Upgrade: "websocket",
      "Proxy-Authorization": "Basic x",
      "Accept-Encoding": "gzip",
    };
    await egressWith().fetch(
      get(`http://service.test:${server.port}/`, { headers, method: "PUT", body: "abc" }),
      never,
    );
    const sent = server.received[0]?.headers ?? {};
    expect(sent).toMatchObject({
      host: `service.test:${server.port}`,
      "content-length": "3",
      "accept-encoding": "identity",
    });
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining(["upgrade"]));
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining(["transfer-encoding"]));
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining(["proxy-authorization"]));
    expect(server.received[0]?.body).toBe("abc");
  });

  test("what cannot be sent is refused before anything is", async () => {
    const server = await serve((_request, response) => response.end());
    const egress = egressWith();
    const url = `http://service.test:${server.port}/`;
    const requests = [
      get(url, { headers: { "X-A": "1\r\nX-Injected: 2" } }),
      get(url, { headers: { "X-A\r\nX-Injected": "2" } }),
      get(url, { headers: { "": "2" } }),
      get(url, { headers: { "X-A": "snowman ☃" } }),
      get(url, { method: "GET / HTTP/1.1\r\nX: " }),
      get(url, { method: "CONNECT" }),
      get("not a url"),
    ];
    for (const request of requests) {
      expect(await egress.fetch(request, never)).toMatchObject({ ok: false, failure: "INVALID_URL" });
    }
    expect(server.sockets.size).toBe(0);
  });

  test("a refused connection fails without naming an address", async () => {
    const server = await startLocalServer(() => undefined);
    await server.close();
    const result = await egressWith().fetch(get(`http://service.test:${server.port}/`), never);
    expect(result).toEqual({
      ok: false,
      failure: "CONNECTION_FAILED",
      message: `The request to service.test:${server.port} failed (ECONNREFUSED)`,
    });
  });

  test("a server that breaks off in the middle of the body is a failure, not a short answer", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("half", () => response.destroy());
    });
    const result = await egressWith().fetch(get(`http://service.test:${server.port}/`), never);
    expect(result).toMatchObject({ ok: false, failure: "CONNECTION_FAILED" });
  });
});

describe("addresses", () => {
  test("a private address is refused and the server behind it hears nothing", async () => {
    const server = await serve((_request, response) => response.end("internal"));
    const egress = egressWith({ allow: [] });
    for (const host of ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "service.test"]) {
      const result = await egress.fetch(get(`http://${host}:${server.port}/`), never);
      expect(result).toMatchObject({ ok: false, failure: "ADDRESS_NOT_ALLOWED" });
    }
    expect(server.received).toEqual([]);
  });

  test("the connection goes to the address that was checked: a second, other DNS answer is never asked for", async () => {
    const server = await serve((_request, response) => response.end("checked"));
    const asked: string[] = [];
    const rebinding: Resolve = async (host) => {
      asked.push(host);
      return [{ address: asked.length === 1 ? "127.0.0.1" : "169.254.169.254", family: 4 }];
    };
    const egress = egressWith({ resolve: rebinding });
    expect(textOf(await egress.fetch(get(`http://rebinding.test:${server.port}/`), never))).toBe("checked");
    expect(asked).toEqual(["rebinding.test"]);
    // The next request asks anew, and does not ride on the connection of the first.
    const second = await egress.fetch(get(`http://rebinding.test:${server.port}/`), never);
    expect(second).toMatchObject({ ok: false, failure: "ADDRESS_NOT_ALLOWED" });
    expect(server.received).toHaveLength(1);
  });

  test("IPv4 is tried before IPv6, and a dead address gives way to the next one that was checked", async () => {
    const server = await serve((_request, response) => response.end("reached"));
    const resolve: Resolve = async () => [
      { address: "::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ];
    const egress = egressWith({ resolve, allow: ["127.0.0.1/32", "::1/128"] });
    expect(textOf(await egress.fetch(get(`http://service.test:${server.port}/`), never))).toBe("reached");
  });
});

describe("bounds", () => {
  test("a body over the limit ends the request while it streams, however it is announced", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/exact") return void response.end("x".repeat(1_000));
      if (request.url === "/announced") return void response.end("x".repeat(1_001));
      // Never ends by itself.
      const more = () => response.write("x".repeat(400), () => setImmediate(more));
      more();
    });
    const egress = egressWith();
    const fetch = (path: string) =>
      egress.fetch(get(`http://service.test:${server.port}${path}`, { maxBytes: 1_000 }), never);
    expect(textOf(await fetch("/exact"))).toHaveLength(1_000);
    for (const path of ["/announced", "/endless"]) {
      expect(await fetch(path)).toEqual({
        ok: false,
        failure: "RESPONSE_TOO_LARGE",
        message: "The response is larger than 1000 bytes",
      });
    }
    await vi.waitFor(() => expect(server.sockets.size).toBe(0), { timeout: 10_000 });
  });

  test("a compressed body that nobody asked for stays compressed, so that it cannot grow past the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const server = await serve((_request, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(bomb);
    });
    const result = await egressWith().fetch(
      get(`http://service.test:${server.port}/`, { maxBytes: 100_000 }),
      never,
    );
    expect(result.ok && result.response.body.length).toBe(bomb.length);
  });

  test("the answer to HEAD has no body, whatever length it announces", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": "5000000" }).end();
    });
    const request = get(`http://service.test:${server.port}/`, { method: "HEAD", maxBytes: 10 });
    expect(await egressWith().fetch(request, never)).toMatchObject({ ok: true, response: { status: 200 } });
  });

  test("the time covers DNS, an answer that does not come and a body that stalls", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/stalls") response.writeHead(200).write("first half");
    });
    const timedOut = { ok: false, failure: "TIMED_OUT", message: "The request took longer than 100 ms" };
    for (const path of ["/silent", "/stalls"]) {
      const request = get(`http://service.test:${server.port}${path}`, { timeoutMs: 100 });
      expect(await egressWith().fetch(request, never)).toEqual(timedOut);
    }
    const silentDns = egressWith({ resolve: () => new Promise(() => undefined) });
    expect(await silentDns.fetch(get("http://service.test/", { timeoutMs: 100 }), never)).toEqual(timedOut);
    await vi.waitFor(() => expect(server.sockets.size).toBe(0), { timeout: 10_000 });
  });

  test("a TLS handshake that never ends is given up with its socket", async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      socket.resume();
    });
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const pending = egressWith().fetch(get(`https://service.test:${port}/`, { timeoutMs: 1_000 }), never);
    await vi.waitFor(() => expect(sockets.size).toBe(1), { timeout: 10_000 });
    expect(await pending).toMatchObject({ ok: false, failure: "TIMED_OUT" });
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 10_000 });
    mute.close();
  });

  test("an abort answers at once and closes the socket", async () => {
    const server = await serve(() => undefined);
    const abort = new AbortController();
    const pending = egressWith().fetch(get(`http://service.test:${server.port}/`), abort.signal);
    await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 10_000 });
    expect(server.sockets.size).toBe(1);
    abort.abort();
    expect(await pending).toMatchObject({ ok: false, failure: "ABORTED" });
    await vi.waitFor(() => expect(server.sockets.size).toBe(0), { timeout: 10_000 });
  });

  test("a request that was aborted before it began reaches nobody", async () => {
    const server = await serve((_request, response) => response.end());
    const request = get(`http://service.test:${server.port}/`);
    expect(await egressWith().fetch(request, AbortSignal.abort())).toMatchObject({ failure: "ABORTED" });
    expect(server.sockets.size).toBe(0);
  });

  test("closing ends what is in flight and answers later requests with ABORTED", async () => {
    const server = await serve(() => undefined);
    const egress = egressWith();
    const pending = egress.fetch(get(`http://service.test:${server.port}/`), never);
    await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 10_000 });
    await egress.close();
    expect(await pending).toMatchObject({ ok: false, failure: "ABORTED" });
    expect(await egress.fetch(get(`http://service.test:${server.port}/`), never)).toMatchObject({
      failure: "ABORTED",
    });
  });
});
