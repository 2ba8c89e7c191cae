import { once } from "node:events";
import { createServer } from "node:net";
import Fastify from "fastify";
import { describe, expect, test } from "vitest";
import { listen, refuseBusyPort, urlOf } from "./listen.ts";
import { OperatorError } from "./operator-error.ts";

describe("listening", () => {
  test("a port in use is told in a sentence that names it", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const sentence = new RegExp(`^Port ${address.port} on 127.0.0.1 is in use`);
    await expect(refuseBusyPort("127.0.0.1", address.port)).rejects.toThrow(sentence);
    const app = Fastify();
    await expect(listen(app, "127.0.0.1", address.port)).rejects.toThrow(OperatorError);
    await app.close();
    other.close();
  });

  test("an address that is not this machine's is told in a sentence", async () => {
    await expect(refuseBusyPort("203.0.113.1", 3_000)).rejects.toThrow(/check HOST/);
  });

  test("the address to open is one that a browser can reach", () => {
    expect(urlOf("0.0.0.0", 3_000)).toBe("http://127.0.0.1:3000");
    expect(urlOf("::", 3_000)).toBe("http://127.0.0.1:3000");
    expect(urlOf("::1", 3_000)).toBe("http://[::1]:3000");
  });
});
