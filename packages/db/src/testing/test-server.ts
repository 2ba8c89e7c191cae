import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../embedded/index.ts";
import { migrate } from "../migrate.ts";
import { makeScratchFolder } from "./scratch-folder.ts";

/** What a worker gets over the wire: one line of JSON. */
export type TestServerAnswer =
  | { readonly ok: true; readonly adminUrl: string; readonly template: string }
  | { readonly ok: false; readonly message: string };

export interface TestServer {
  readonly port: number;
  /** Stops PostgreSQL, if anybody needed it, and removes its data. */
  close(): Promise<void>;
}

const template = "gantry_template";

/**
 * One PostgreSQL for a whole test run, started when the first test asks for it: projects without a database do not pay
 * the 1.3 s. It goes away with this process, however that ends.
 */
export async function serveTestDatabases(): Promise<TestServer> {
  let starting: Promise<{ url: string; stop(): Promise<void> }> | null = null;
  const listener = createServer((socket) => {
    starting ??= startWithTemplate();
    answer(socket, starting);
  });
  listener.listen(0, "127.0.0.1").unref();
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    port: address.port,
    close: async () => {
      listener.close();
      await (await starting?.catch(() => null))?.stop();
    },
  };
}

async function startWithTemplate(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = await startEmbeddedPostgres({
    dataDir: await makeScratchFolder("gantry-test-postgres"),
    ephemeral: true,
    // Nobody needs these rows after a crash.
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: 400 },
  });
  const admin = postgres(server.url, { max: 1, fetch_types: false });
  await admin.unsafe(`create database ${template}`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = `/${template}`;
  await migrate(url.href);
  return server;
}

function answer(socket: Socket, starting: Promise<{ url: string }>): void {
  // A worker that has gone away does not need the answer.
  socket.on("error", () => {});
  const send = (line: TestServerAnswer) => socket.end(`${JSON.stringify(line)}\n`);
  starting.then(
    (server) => send({ ok: true, adminUrl: server.url, template }),
    (error: unknown) => send({ ok: false, message: String(error) }),
  );
}
