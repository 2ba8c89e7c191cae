import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { DelayedRelay } from "./delayed-relay.ts";

export interface TcpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** How much later each answer of the target arrives. 0 when left out. */
  readonly delayMs?: number;
}

export interface TcpProxy extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number;
  /**
   * Flights from client to target since the start: a write of the client counts when the target has answered the one
   * before on that connection. Connecting counts too (start-up and password): take the difference around what you
   * measure. Flights on two connections at the same time count as two.
   */
  roundTrips(): number;
  setDelay(delayMs: number): void;
  /** Outage: destroys every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Outage: accepts connections and passes nothing on, in either direction. */
  stall(): void;
  /** Ends an outage of either kind, on the same port. What a stall held back is delivered. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Sits before PostgreSQL (or any server) for tests of outages and for counting round trips. */
export async function startTcpProxy({ target, delayMs = 0 }: TcpProxyOptions): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let delay = delayMs;
  let stalled = false;
  let flights = 0;

  const listener = createServer((client) => {
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    let answered = true;
    const answers = new DelayedRelay(
      () => delay,
      (chunk) => {
        answered = true;
        client.write(chunk);
      },
    );
    client.on("data", (chunk) => {
      if (answered) flights += 1;
      answered = false;
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => answers.push(chunk));
    for (const socket of pair) {
      socket.setNoDelay(true);
      // The other side learns of it by the close that follows.
      socket.on("error", () => {});
    }
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => {
      pairs.delete(pair);
      answers.end(() => client.destroy());
    });
    if (stalled) pausePair(pair);
  });

  const listen = async (port: number) => {
    listener.listen(port, "127.0.0.1");
    await once(listener, "listening");
  };
  const cut = async () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
    if (!listener.listening) return;
    listener.close();
    await once(listener, "close");
  };

  await listen(0);
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  const { port } = address;
  return {
    port,
    roundTrips: () => flights,
    setDelay: (ms) => {
      delay = ms;
    },
    cut,
    stall: () => {
      stalled = true;
      for (const pair of pairs) pausePair(pair);
    },
    restore: async () => {
      stalled = false;
      for (const [client, upstream] of pairs) {
        client.resume();
        upstream.resume();
      }
      if (!listener.listening) await listen(port);
    },
    close: cut,
    [Symbol.asyncDispose]: cut,
  };
}

function pausePair([client, upstream]: readonly [Socket, Socket]): void {
  client.pause();
  upstream.pause();
}
