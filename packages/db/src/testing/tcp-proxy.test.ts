import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "../embedded/free-port.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** Answers each chunk with the same chunk. */
let target: Awaited<ReturnType<typeof startEcho>>;
let proxy: TcpProxy;

beforeEach(async () => {
  target = await startEcho();
  proxy = await startTcpProxy({ target: { host: "127.0.0.1", port: target.port } });
});
afterEach(async () => {
  await proxy.close();
  target.close();
});

describe("TCP proxy", () => {
  test("a round trip is a write after an answer: two writes in one flight count once", async () => {
    const client = await open();
    client.write("a");
    client.write("b");
    await heard(client, 2);
    expect(proxy.roundTrips()).toBe(1);
    client.write("c");
    await heard(client, 1);
    expect(proxy.roundTrips()).toBe(2);
    client.destroy();
  });

  test("each answer comes later by the delay", async () => {
    const client = await open();
    proxy.setDelay(60);
    const start = performance.now();
    client.write("late");
    expect(await heard(client, 4)).toBe("late");
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
    client.destroy();
  });

  test("a cut destroys connections and refuses new ones until restored on the same port", async () => {
    const client = await open();
    await proxy.cut();
    await once(client, "close");
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await proxy.restore();
    const again = await open();
    again.write("x");
    expect(await heard(again, 1)).toBe("x");
    again.destroy();
  });

  test("a stall accepts connections and answers nothing; restoring delivers what was held back", async () => {
    const before = await open();
    proxy.stall();
    const during = await open();
    before.write("one");
    during.write("two");
    // A third party through the target itself: had the proxy passed anything on, it would have come before this.
    const direct = connect(target.port, "127.0.0.1");
    direct.write("probe");
    expect(await heard(direct, 5)).toBe("probe");
    expect(target.total()).toBe(5);
    await proxy.restore();
    expect(await heard(before, 3)).toBe("one");
    expect(await heard(during, 3)).toBe("two");
    for (const socket of [before, during, direct]) socket.destroy();
  });
});

async function startEcho() {
  const port = await freePort();
  let total = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      total += chunk.length;
      socket.write(chunk);
    });
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return { port, total: () => total, close: () => server.close() };
}

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  await once(socket, "connect");
  socket.setNoDelay(true);
  return socket;
}

async function heard(socket: Socket, bytes: number): Promise<string> {
  let text = "";
  while (text.length < bytes) {
    const chunk: unknown = socket.read() ?? (await once(socket, "readable").then(() => socket.read()));
    if (Buffer.isBuffer(chunk)) text += chunk.toString();
  }
  return text;
}
