import { describe, expect, test } from "vitest";
import type { Resolve } from "./guard.ts";
import { egressWith, get, never, serve, textOf } from "./testing/egress.ts";
import type { LocalServer } from "./testing/local-server.ts";

describe("redirects", () => {
  function redirecting(status: number, location: (port: number) => string): Promise<LocalServer> {
    const server: Promise<LocalServer> = serve((request, response) => {
      if (request.url !== "/start") return void response.end(`arrived at ${request.url}`);
      void server.then(({ port }) => response.writeHead(status, { Location: location(port) }).end("moved"));
    });
    return server;
  }

  const secrets = {
    Authorization: "Bearer secret",
    Cookie: "session=secret",
    "X-API-Key": "secret",
    "X-Auth-Token": "secret",
    "X-Amz-Security-Token": "secret",
    "X-Plain": "kept",
  };

  test("are followed, relative ones too, with credentials kept on the same origin", async () => {
    const server = await redirecting(302, () => "/end?x=1");
    const result = await egressWith().fetch(
      get(`http://service.test:${server.port}/start`, { headers: secrets }),
      never,
    );
    expect(textOf(result)).toBe("arrived at /end?x=1");
    expect(result).toMatchObject({ response: { url: `http://service.test:${server.port}/end?x=1` } });
    expect(server.received[1]?.headers).toMatchObject({
      authorization: "Bearer secret",
      "x-api-key": "secret",
    });
  });

  test("drop every credential header when they cross origins, by host or by port, and never bring them back", async () => {
    const origins = (port: number) => [`http://other.test:${port}/back`, `http://service.test:${port}/home`];
    const server: LocalServer = await serve((request, response) => {
      const [away = "", home = ""] = origins(server.port);
      if (request.url === "/start") response.writeHead(307, { Location: away }).end();
      else if (request.url === "/back") response.writeHead(307, { Location: home }).end();
      else response.end("home");
    });
    const result = await egressWith().fetch(
      get(`http://service.test:${server.port}/start`, { headers: secrets }),
      never,
    );
    expect(textOf(result)).toBe("home");
    expect(server.received).toHaveLength(3);
    expect(JSON.stringify(server.received[0])).toContain("secret");
    expect(JSON.stringify(server.received.slice(1))).not.toContain("secret");
    expect(server.received.map(({ headers }) => headers["x-plain"])).toEqual(["kept", "kept", "kept"]);

    const target = await serve((_request, response) => response.end("target"));
    const source = await redirecting(302, () => `http://service.test:${target.port}/`);
    await egressWith().fetch(get(`http://service.test:${source.port}/start`, { headers: secrets }), never);
    expect(JSON.stringify(target.received)).not.toContain("secret");
  });

  test("to a private address are refused at that hop, by name and by literal", async () => {
    const internal = await serve((_request, response) => response.end("internal"));
    const resolve: Resolve = async (host) => [
      { address: host === "evil.test" ? "10.0.0.1" : "127.0.0.1", family: 4 },
    ];
    const targets = [
      "http://evil.test/",
      "http://169.254.169.254/latest/meta-data",
      "http://[::ffff:7f00:1]/",
      "http://0/",
    ];
    for (const target of [...targets, `http://127.0.0.2:${internal.port}/`]) {
      const server = await redirecting(302, () => target);
      const result = await egressWith({ resolve }).fetch(
        get(`http://service.test:${server.port}/start`),
        never,
      );
      expect(result).toMatchObject({ ok: false, failure: "ADDRESS_NOT_ALLOWED" });
    }
    expect(internal.received).toEqual([]);
  });

  test("to another scheme, a blocked port or a URL with credentials are refused", async () => {
    const expected = {
      "file:///etc/passwd": "SCHEME_NOT_ALLOWED",
      "gopher://service.test/": "SCHEME_NOT_ALLOWED",
      "http://service.test:25/": "PORT_NOT_ALLOWED",
      "http://user:pass@service.test/": "INVALID_URL",
      "http://[": "INVALID_URL",
    };
    for (const [target, failure] of Object.entries(expected)) {
      const server = await redirecting(301, () => target);
      const result = await egressWith().fetch(get(`http://service.test:${server.port}/start`), never);
      expect(result).toMatchObject({ ok: false, failure });
    }
  });

  test("from https to http are refused", async () => {
    const plain = await serve((_request, response) => response.end("plain"));
    const secure = await serve(
      (_request, response) =>
        response.writeHead(307, { Location: `http://service.test:${plain.port}/` }).end(),
      true,
    );
    const result = await egressWith().fetch(get(`https://service.test:${secure.port}/`), never);
    expect(result).toMatchObject({ ok: false, failure: "SCHEME_NOT_ALLOWED" });
    expect(plain.received).toEqual([]);
  });

  test("rewrite the method as browsers do: 303 always, 301 and 302 for POST, 307 and 308 never", async () => {
    const outcome = async (status: number, method: string) => {
      const server = await redirecting(status, () => "/end");
      const headers = { "Content-Type": "text/plain" };
      await egressWith().fetch(
        get(`http://service.test:${server.port}/start`, { method, headers, body: "b" }),
        never,
      );
      const {
        method: sent,
        body,
        headers: seen,
      } = server.received[1] ?? { method: "", body: "", headers: {} };
      return `${sent} ${body} ${seen["content-type"] ?? ""}`.trim();
    };
    expect(await outcome(303, "POST")).toBe("GET");
    expect(await outcome(303, "PUT")).toBe("GET");
    expect(await outcome(301, "POST")).toBe("GET");
    expect(await outcome(302, "POST")).toBe("GET");
    expect(await outcome(302, "PUT")).toBe("PUT b text/plain");
    expect(await outcome(307, "POST")).toBe("POST b text/plain");
    expect(await outcome(308, "POST")).toBe("POST b text/plain");
  });

  test("end after five", async () => {
    const server = await serve((request, response) => {
      const step = Number(request.url.slice(1));
      if (step === 0) response.end("done");
      else response.writeHead(302, { Location: `/${step - 1}` }).end();
    });
    const egress = egressWith();
    expect(textOf(await egress.fetch(get(`http://service.test:${server.port}/5`), never))).toBe("done");
    const result = await egress.fetch(get(`http://service.test:${server.port}/6`), never);
    expect(result).toMatchObject({ ok: false, failure: "TOO_MANY_REDIRECTS" });
  });

  test("without a location, and statuses that only look like one, are answers", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/start") response.writeHead(302).end("no location");
      else response.writeHead(304, { Location: "/start" }).end();
    });
    const egress = egressWith();
    expect(textOf(await egress.fetch(get(`http://service.test:${server.port}/start`), never))).toBe(
      "no location",
    );
    expect(await egress.fetch(get(`http://service.test:${server.port}/304`), never)).toMatchObject({
      response: { status: 304 },
    });
  });

  test("may have an endless body, which is not read", async () => {
    const server = await serve((request, response) => {
      if (request.url !== "/start") return void response.end("end");
      response.writeHead(302, { Location: "/end" });
      response.write("and ");
    });
    expect(textOf(await egressWith().fetch(get(`http://service.test:${server.port}/start`), never))).toBe(
      "end",
    );
  });
});
