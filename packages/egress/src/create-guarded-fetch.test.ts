import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { EgressRefused } from "./egress-refused.ts";
import { guardedFetchWith, serve } from "./testing/egress.ts";

const patient = { timeout: 10_000 };

describe("an answer", () => {
  test("comes back as fetch gives it: status, headers, body", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(418, "I am", { "X-One": "é", "Set-Cookie": ["a=1", "b=2"] }).end("créé");
    }, true);
    const response = await guardedFetchWith().fetch(new URL(`https://service.test:${server.port}/a?b=c#d`), {
      method: "post",
      headers: { "content-type": "text/plain", Host: "forged.test", "Content-Length": "1" },
      body: "bödy",
    });
    expect(response.status).toBe(418);
    expect(response.statusText).toBe("I am");
    expect(response.ok).toBe(false);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.text()).toBe("créé");
    expect(server.received).toMatchObject([
      {
        method: "POST",
        url: "/a?b=c",
        body: "bödy",
        headers: { "content-type": "text/plain", "content-length": "5", "accept-encoding": "identity" },
      },
    ]);
  });

  test("streams: its first bytes are read before its last ones are sent", async () => {
    const ends: (() => void)[] = [];
    const server = await serve((_request, response) => {
      response.writeHead(200).write("first");
      ends.push(() => response.end(" last"));
    }, true);
    const guarded = guardedFetchWith();
    const reader = readerOf(await guarded.fetch(`https://service.test:${server.port}/`));
    expect(textOf(await reader.read())).toBe("first");
    expect(guarded.inspect()).toEqual({ connections: 1, callsInFlight: 1 });
    for (const end of ends) end();
    expect(textOf(await reader.read())).toBe(" last");
    expect((await reader.read()).done).toBe(true);
    await expect.poll(() => guarded.inspect(), patient).toEqual({ connections: 1, callsInFlight: 0 });
  });

  test("without a body, with an odd header or with a status that is none is an answer or a failure, never a crash", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/204") response.writeHead(204).end();
      else if (request.url === "/header") response.writeHead(200, { "X-A": "\u00e2\u0098\u0083" }).end();
      else response.writeHead(999).end("odd");
    }, true);
    const guarded = guardedFetchWith();
    const url = `https://service.test:${server.port}`;
    expect((await guarded.fetch(`${url}/204`)).body).toBeNull();
    expect((await guarded.fetch(`${url}/header`)).headers.get("x-a")).toBe("\u00e2\u0098\u0083");
    await expect(guarded.fetch(`${url}/999`)).rejects.toThrow(TypeError);
    expect(await (await guarded.fetch(`${url}/header`, { method: "HEAD" })).text()).toBe("");
  });

  test("whose body nobody reads can be thrown away without losing anything else", async () => {
    const asked: (Socket | null)[] = [];
    const server = await serve((request, response) => {
      asked.push(response.socket);
      response.writeHead(200);
      if (request.url === "/endless") response.write("and ");
      else response.end("end");
    }, true);
    const guarded = guardedFetchWith();
    const endless = await guarded.fetch(`https://service.test:${server.port}/endless`);
    await endless.body?.cancel();
    await expect.poll(() => asked[0]?.destroyed, patient).toBe(true);
    const short = await guarded.fetch(`https://service.test:${server.port}/`);
    await short.body?.cancel();
    expect(await (await guarded.fetch(`https://service.test:${server.port}/`)).text()).toBe("end");
  });
});

describe("bounds", () => {
  test("an answer larger than allowed breaks off, announced or not, with the code of its reason", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/announced") response.writeHead(200, { "Content-Length": "5000" });
      response.write("x".repeat(request.url === "/exact" ? 1_000 : 5_000));
      if (request.url === "/exact") response.end();
    }, true);
    const guarded = guardedFetchWith({ responseBytesMax: 1_000 });
    const read = async (path: string) =>
      (await guarded.fetch(`https://service.test:${server.port}${path}`)).text();
    expect(await read("/exact")).toHaveLength(1_000);
    expect(codeOf(await failureOf(read("/announced")))).toBe("UND_ERR_RES_EXCEEDED_MAX_SIZE");
    expect(codeOf(await failureOf(read("/endless")))).toBe("UND_ERR_RES_EXCEEDED_MAX_SIZE");
    await expect.poll(() => server.sockets.size, patient).toBe(0);
  });

  test("a compressed body that nobody asked for stays compressed, so that it cannot grow past the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const server = await serve((_request, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(bomb);
    }, true);
    const response = await guardedFetchWith({ responseBytesMax: 100_000 }).fetch(
      `https://service.test:${server.port}/`,
      { headers: { "Accept-Encoding": "gzip" } },
    );
    expect((await response.arrayBuffer()).byteLength).toBe(bomb.length);
  });

  test("the time to the first byte covers DNS, redirects and an answer that does not come", async () => {
    const asked: (Socket | null)[] = [];
    const server = await serve((request, response) => {
      asked.push(response.socket);
      if (request.url !== "/silent") response.writeHead(307, { Location: "/silent" }).end();
    }, true);
    const impatient = { firstByteTimeoutMs: 200 };
    for (const path of ["/silent", "/redirects"]) {
      const silent = guardedFetchWith(impatient).fetch(`https://service.test:${server.port}${path}`);
      expect(codeOf(await failureOf(silent))).toBe("UND_ERR_HEADERS_TIMEOUT");
    }
    const noDns = guardedFetchWith({ ...impatient, resolve: () => new Promise(() => undefined) });
    expect(codeOf(await failureOf(noDns.fetch("https://service.test/")))).toBe("UND_ERR_HEADERS_TIMEOUT");
    await expect.poll(() => asked.every((socket) => socket?.destroyed), patient).toBe(true);
  });

  test("a body that stalls ends by the time between bytes, not by the time to the first", async () => {
    const server = await serve((_request, response) => void response.writeHead(200).write("half"), true);
    const guarded = guardedFetchWith({ firstByteTimeoutMs: 20_000, betweenBytesTimeoutMs: 300 });
    const response = await guarded.fetch(`https://service.test:${server.port}/`);
    expect(codeOf(await failureOf(response.text()))).toBe("UND_ERR_BODY_TIMEOUT");
    await expect.poll(() => server.sockets.size, patient).toBe(0);
  });

  test("a body may take longer than the time to the first byte", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200);
      let chunks = 0;
      const writing = setInterval(() => {
        chunks += 1;
        if (chunks < 12) response.write("x");
        else {
          clearInterval(writing);
          response.end("end");
        }
      }, 50);
    }, true);
    const guarded = guardedFetchWith({ firstByteTimeoutMs: 400 });
    expect(await (await guarded.fetch(`https://service.test:${server.port}/`)).text()).toMatch(/end$/);
  });
});

describe("an abort", () => {
  test("before the answer rejects with its reason and closes the socket", async () => {
    const asked: (Socket | null)[] = [];
    const server = await serve((_request, response) => void asked.push(response.socket), true);
    const abort = new AbortController();
    const pending = failureOf(
      guardedFetchWith().fetch(`https://service.test:${server.port}/`, { signal: abort.signal }),
    );
    await expect.poll(() => asked.length, patient).toBe(1);
    abort.abort();
    expect(await pending).toMatchObject({ name: "AbortError" });
    // undici opens another in its place.
    await expect.poll(() => asked[0]?.destroyed, patient).toBe(true);
  });

  test("within the body reaches the reader and the socket", async () => {
    const asked: (Socket | null)[] = [];
    const server = await serve((_request, response) => {
      asked.push(response.socket);
      response.writeHead(200).write("half");
    }, true);
    const abort = new AbortController();
    const response = await guardedFetchWith().fetch(`https://service.test:${server.port}/`, {
      signal: abort.signal,
    });
    const reader = readerOf(response);
    expect(textOf(await reader.read())).toBe("half");
    abort.abort();
    expect(await failureOf(reader.read())).toMatchObject({ name: "AbortError" });
    await expect.poll(() => asked[0]?.destroyed, patient).toBe(true);
  });

  test("of a request that waits for DNS rejects at once", async () => {
    const guarded = guardedFetchWith({ resolve: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const pending = failureOf(guarded.fetch("https://service.test/", { signal: abort.signal }));
    abort.abort();
    expect(await pending).toMatchObject({ name: "AbortError" });
  });

  test("that came first lets nothing out", async () => {
    const server = await serve((_request, response) => response.end(), true);
    const pending = guardedFetchWith().fetch(`https://service.test:${server.port}/`, {
      signal: AbortSignal.abort(),
    });
    expect(await failureOf(pending)).toMatchObject({ name: "AbortError" });
    expect(server.sockets.size).toBe(0);
  });
});

describe("closing", () => {
  test("ends idle connections and calls in flight, and lets nothing out afterwards", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/short") response.end("short");
      else if (request.url === "/stream") response.writeHead(200).write("half");
    }, true);
    const guarded = guardedFetchWith();
    const url = `https://service.test:${server.port}`;
    await (await guarded.fetch(`${url}/short`)).text();
    const streaming = await guarded.fetch(`${url}/stream`);
    const silent = failureOf(guarded.fetch(`${url}/silent`));
    await expect.poll(() => server.received.length, patient).toBe(3);
    await guarded.close();
    expect(codeOf(await silent)).toBe("UND_ERR_DESTROYED");
    expect(codeOf(await failureOf(streaming.text()))).toBe("UND_ERR_DESTROYED");
    expect(codeOf(await failureOf(guarded.fetch(`${url}/short`)))).toBe("UND_ERR_DESTROYED");
    await expect.poll(() => server.sockets.size, patient).toBe(0);
    expect(guarded.inspect()).toEqual({ connections: 0, callsInFlight: 0 });
  });

  test("ends a TLS handshake that never ends", async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      socket.resume();
    });
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const guarded = guardedFetchWith();
    const pending = failureOf(guarded.fetch(`https://service.test:${port}/`));
    await expect.poll(() => sockets.size, patient).toBe(1);
    await guarded.close();
    expect(codeOf(await pending)).toBe("UND_ERR_DESTROYED");
    await expect.poll(() => sockets.size, patient).toBe(0);
    mute.close();
  });
});

describe("what cannot be sent", () => {
  test("is refused before a socket is opened, and a key is not repeated", async () => {
    const server = await serve((_request, response) => response.end(), true);
    const guarded = guardedFetchWith();
    const url = `https://service.test:${server.port}/`;
    const header = await failureOf(
      guarded.fetch(url, { headers: { authorization: "Bearer secret\r\nX: 1" } }),
    );
    expect(header).toBeInstanceOf(EgressRefused);
    expect(String(header)).not.toContain("secret");
    expect(await failureOf(guarded.fetch(url, { method: "CONNECT" }))).toMatchObject({
      failure: "INVALID_URL",
    });
    await expect(guarded.fetch(url, { method: "POST", body: new URLSearchParams("a=b") })).rejects.toThrow(
      "a body that is a string or bytes",
    );
    await expect(guarded.fetch(new Request(url))).rejects.toThrow("takes a URL");
    expect(server.sockets.size).toBe(0);
  });

  test("a refused connection has its code", async () => {
    const server = await serve(() => undefined, true);
    await server.close();
    const failure = await failureOf(guardedFetchWith().fetch(`https://service.test:${server.port}/`));
    expect(failure).toBeInstanceOf(TypeError);
    expect(codeOf(failure)).toBe("ECONNREFUSED");
  });
});

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error("The answer has no body");
  return response.body.getReader();
}

function textOf(read: Awaited<ReturnType<ReturnType<typeof readerOf>["read"]>>): string {
  return Buffer.from(read.value ?? []).toString();
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error("It did not fail");
    },
    (error: unknown) => error,
  );
}

function codeOf(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause) return cause.code;
  }
  return error;
}
