import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { until } from "./until.ts";

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Outage: it accepts connections and answers nothing, until `resume`. */
  pause(): void;
  resume(): void;
  /** Outage: gone at once, with all its data. */
  kill(): Promise<void>;
  /** After `kill`: empty again, on the same port. */
  restart(): Promise<void>;
}

export interface RedisServerOptions {
  /** A cluster of this one server: it refuses scripts whose keys belong to more than one slot, as every cluster does. */
  readonly cluster?: boolean;
  /** More of its command line. */
  readonly settings?: readonly string[];
}

/**
 * A Redis or Valkey server of its own on 127.0.0.1 that keeps nothing on disk. It goes away with this process, however
 * that ends. Throws when this machine has none.
 */
export async function startRedisServer({
  cluster = false,
  settings = [],
}: RedisServerOptions = {}): Promise<RedisServer> {
  const program = findProgram();
  const folder = await mkdtemp(join(tmpdir(), "gantry-test-redis-"));
  const port = await freePort();
  const own = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  if (cluster) own.push("--cluster-enabled", "yes", "--cluster-port", String(await freePort()));
  const start = async () => {
    const server = await launch(program, [...own, ...settings]);
    if (cluster) await ownEverySlot(port);
    return server;
  };

  let server = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => void process.kill(server.pid, "SIGSTOP"),
    resume: () => void process.kill(server.pid, "SIGCONT"),
    kill: () => server.kill(),
    async restart() {
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `REDIS_SERVER_PATH`, which `pnpm test` sets, else what is on the path. */
function findProgram(): string {
  const chosen = process.env["REDIS_SERVER_PATH"];
  if (chosen) return chosen;
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of ["redis-server", "valkey-server"]) {
      const program = join(folder, name);
      if (isExecutable(program)) return program;
    }
  }
  throw new Error(
    "This test needs redis-server or valkey-server: install one, or name it in REDIS_SERVER_PATH.",
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts the server and says its process id; then reads a pipe whose other end only this process holds, and kills the
 * server when it closes: because it was asked for, or because this process was killed.
 */
const watchdog = `
exec 3<&0
"$@" 3<&- &
server=$!
echo "$server"
( read -r _ <&3; kill -KILL "$server" ) >/dev/null &
reader=$!
wait "$server" 2>/dev/null
kill "$reader" 2>/dev/null
`;

interface RunningServer {
  readonly pid: number;
  kill(): Promise<void>;
}

async function launch(program: string, settings: readonly string[]): Promise<RunningServer> {
  const shell = spawn("/bin/sh", ["-c", watchdog, "gantry-redis", program, ...settings], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(shell, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: shell.stdout })) {
    lines.push(line);
    if (line.includes("Ready to accept connections")) break;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || !lines.at(-1)?.includes("Ready")) {
    shell.stdin.end();
    throw new Error(`${program} did not start: ${lines.slice(1).join("\n")}`);
  }
  // Nobody reads on, and a full pipe would stop the server.
  shell.stdout.resume();
  return {
    pid,
    async kill() {
      shell.stdin.end();
      await ended;
    },
  };
}

async function ownEverySlot(port: number): Promise<void> {
  const redis = new Redis(port, "127.0.0.1");
  try {
    await redis.cluster("ADDSLOTSRANGE", 0, 16_383);
    // It waits for two seconds before it believes that it is alone.
    await until(async () => (await redis.cluster("INFO")).includes("cluster_state:ok"));
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}
