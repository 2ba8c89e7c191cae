import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answer, type FakeAccount, newFakeAccount, type StripeRequest } from "./fake-account.ts";

/** An HTTP server that answers as Stripe's API does, for what Gantry asks of it. */
export interface FakeStripe extends AsyncDisposable {
  readonly url: string;
  /** What Stripe knows; tests change it as time and people would. */
  readonly account: FakeAccount;
  readonly requests: readonly StripeRequest[];
  /** The next request for this path is answered with what is true when it comes, but only after `release`. */
  holdNext(path: string): { readonly reached: Promise<void>; readonly release: () => void };
  /** Every request fails with this status until it is null again. */
  failWith(status: number | null): void;
}

export async function startFakeStripe(): Promise<FakeStripe> {
  const account = newFakeAccount();
  const requests: StripeRequest[] = [];
  const holds: { path: string; reached: () => void; released: Promise<void> }[] = [];
  let failure: number | null = null;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await readRequest(request);
    requests.push(asked);
    const { status, body } = failure === null ? answer(account, asked) : failed(failure);
    const json = JSON.stringify(body);
    const index = holds.findIndex(({ path }) => path === asked.path);
    const [hold] = index === -1 ? [] : holds.splice(index, 1);
    hold?.reached();
    await hold?.released;
    response.writeHead(status, {
      "content-type": "application/json",
      "request-id": `req_${requests.length}`,
    });
    response.end(json);
  };
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port.");

  return {
    url: `http://127.0.0.1:${address.port}`,
    account,
    requests,
    holdNext(path) {
      const [reached, tellReached] = signal();
      const [released, release] = signal();
      holds.push({ path, reached: tellReached, released });
      return { reached, release };
    },
    failWith(status) {
      failure = status;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function signal(): readonly [promise: Promise<void>, resolve: () => void] {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return [promise, resolve];
}

async function readRequest(request: IncomingMessage): Promise<StripeRequest> {
  const url = new URL(request.url ?? "/", "http://stripe");
  const parameters = new URLSearchParams(request.method === "GET" ? url.search : await text(request));
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    parameters: Object.fromEntries(parameters),
    authorization: request.headers.authorization ?? "",
  };
}

function failed(status: number) {
  return { status, body: { error: { type: "api_error", message: "Something went wrong at Stripe." } } };
}
