import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Resolve, ResolvedAddress } from "./guard.ts";
import { guardedFetchWith, serve } from "./testing/egress.ts";

const patient = { timeout: 10_000 };

/** Answers each question of a name with the next of these, the last one from then on. */
function answering(...answers: string[][]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = async (host) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    return answer.map((address): ResolvedAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
  };
  return { resolve, asked };
}

describe("every request is checked anew", () => {
  test("a name that turns private between two requests is refused, also over the connection that is open", async () => {
    const server = await serve((_request, response) => response.end("internal"), true);
    // The first answer is allowed by the operator's list, as a public address would be.
    const { resolve, asked } = answering(["127.0.0.1"], ["127.0.0.2"]);
    const guarded = guardedFetchWith({ resolve });
    const url = `https://service.test:${server.port}/`;
    expect(await (await guarded.fetch(url)).text()).toBe("internal");
    await expect(guarded.fetch(url)).rejects.toMatchObject({
      name: "EgressRefused",
      failure: "ADDRESS_NOT_ALLOWED",
      message: "service.test is not a public address",
    });
    expect(asked).toEqual(["service.test", "service.test"]);
    expect(server.received).toHaveLength(1);
  });

  test("one bad address among several refuses the name", async () => {
    const server = await serve((_request, response) => response.end("internal"), true);
    for (const bad of ["10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "::ffff:8.8.8.8", "64:ff9b::1"]) {
      const guarded = guardedFetchWith({ ...answering(["127.0.0.1", bad, "8.8.8.8"]) });
      await expect(guarded.fetch(`https://service.test:${server.port}/`)).rejects.toMatchObject({
        failure: "ADDRESS_NOT_ALLOWED",
      });
    }
    expect(server.sockets.size).toBe(0);
  });

  test("the socket goes to an address that was checked: DNS is asked once for each request", async () => {
    const server = await serve((_request, response) => response.end("checked"), true);
    const { resolve, asked } = answering(["127.0.0.1"]);
    const guarded = guardedFetchWith({ resolve });
    await (await guarded.fetch(`https://service.test:${server.port}/`)).text();
    expect(asked).toEqual(["service.test"]);
  });

  test("plain http is refused, unless the operator named the address or the host", async () => {
    const server = await serve((_request, response) => response.end("plain"));
    const named = guardedFetchWith();
    expect(await (await named.fetch(`http://service.test:${server.port}/`)).text()).toBe("plain");
    const host = guardedFetchWith({ allow: ["service.test"] });
    expect(await (await host.fetch(`http://service.test:${server.port}/`)).text()).toBe("plain");
    const publicly = guardedFetchWith({ ...answering(["8.8.8.8"]), allow: [] });
    await expect(publicly.fetch("http://service.test/")).rejects.toMatchObject({
      failure: "SCHEME_NOT_ALLOWED",
    });
    const mixed = guardedFetchWith({ ...answering(["127.0.0.1", "8.8.8.8"]) });
    await expect(mixed.fetch("http://service.test/")).rejects.toMatchObject({
      failure: "SCHEME_NOT_ALLOWED",
    });
  });
});

describe("connections", () => {
  test("name the host in SNI and in the Host header, not the address", async () => {
    const server = await serve((_request, response) => response.end(), true);
    await (await guardedFetchWith().fetch(`https://service.test:${server.port}/`)).text();
    expect(server.received).toMatchObject([
      { servername: "service.test", headers: { host: `service.test:${server.port}` } },
    ]);
    // Certificate checks included: the same server under a name that its certificate lacks.
    await expect(guardedFetchWith().fetch(`https://stranger.test:${server.port}/`)).rejects.toThrow(
      TypeError,
    );
    await expect(
      guardedFetchWith({ trust: null }).fetch(`https://service.test:${server.port}/`),
    ).rejects.toThrow(TypeError);
  });

  test("stay warm for the same addresses, in whatever order DNS tells them", async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((_request, response) => {
      ports.add(response.socket?.remotePort);
      response.end("warm");
    }, true);
    const { resolve } = answering(["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]);
    const guarded = guardedFetchWith({ resolve, allow: ["127.0.0.0/8"] });
    for (let index = 0; index < 3; index += 1) {
      await (await guarded.fetch(`https://service.test:${server.port}/`)).text();
      await turn();
    }
    expect(ports.size).toBe(1);
  });

  test("to addresses that are not the newest take no request and end, once what they carry has ended", async () => {
    const ends: (() => void)[] = [];
    const ports: (number | undefined)[] = [];
    const server = await serve((request, response) => {
      ports.push(response.socket?.remotePort);
      if (request.url !== "/stream") return void response.end("short");
      response.writeHead(200).write("first");
      ends.push(() => response.end(" last"));
    }, true);
    const { resolve } = answering(["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"]);
    const guarded = guardedFetchWith({ resolve, allow: ["127.0.0.0/8"] });
    const url = `https://service.test:${server.port}`;
    const streaming = await guarded.fetch(`${url}/stream`);
    await (await guarded.fetch(`${url}/`)).text();
    await (await guarded.fetch(`${url}/`)).text();
    expect(new Set(ports).size).toBe(3);
    // The idle one of the older two is gone, the one with a stream is not.
    await expect.poll(() => server.sockets.size, patient).toBe(2);
    for (const end of ends) end();
    expect(await streaming.text()).toBe("first last");
    await expect.poll(() => server.sockets.size, patient).toBe(1);
    expect(guarded.inspect()).toEqual({ connections: 1, callsInFlight: 0 });
  });

  test("are not shared by two origins, also at one address", async () => {
    const server = await serve((_request, response) => response.end(), true);
    const guarded = guardedFetchWith();
    for (const host of ["service.test", "other.test"]) {
      await (await guarded.fetch(`https://${host}:${server.port}/`)).text();
    }
    expect(server.received.map(({ servername }) => servername)).toEqual(["service.test", "other.test"]);
    expect(guarded.inspect().connections).toBe(2);
  });

  test("are opened in parallel for calls in parallel, and an aborted call costs only its own", async () => {
    const hanging: (Socket | null)[] = [];
    const server = await serve((request, response) => {
      if (request.url === "/hang") hanging.push(response.socket);
      else response.end("quick");
    }, true);
    const guarded = guardedFetchWith();
    const abort = new AbortController();
    const aborted = guarded
      .fetch(`https://service.test:${server.port}/hang`, { signal: abort.signal })
      .catch((error: unknown) => error);
    const quick = Array.from({ length: 5 }, async () =>
      (await guarded.fetch(`https://service.test:${server.port}/quick`)).text(),
    );
    expect(await Promise.all(quick)).toEqual(Array(5).fill("quick"));
    await expect.poll(() => hanging.length, patient).toBe(1);
    expect(server.sockets.size).toBe(6);
    abort.abort();
    expect(await aborted).toMatchObject({ name: "AbortError" });
    await expect.poll(() => hanging[0]?.destroyed, patient).toBe(true);
    expect(server.sockets.size).toBeGreaterThanOrEqual(5);
  });
});

/** undici frees a connection one turn of the event loop after the answer's end. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
