import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { freePort, type Started, startNode, until } from "./process.ts";

export interface Demo {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly owner: { readonly email: string; readonly password: string };
  readonly workflows: readonly { readonly id: string; readonly name: string }[];
}

export interface App extends Started, AsyncDisposable {
  readonly baseUrl: string;
  readonly dataDir: string;
  readonly demo: Demo;
  /** The demo's workflow of this name. */
  workflowId(name: string): string;
  /** Runs a statement in the app's own database. */
  query<T>(use: (sql: postgres.Sql) => Promise<T>): Promise<T>;
}

/** The built app in a data folder of its own, ready to be used; stopped and removed at the end. */
export async function startApp(): Promise<App> {
  const dataDir = temporaryFolder();
  const started = startServer(dataDir, await freePort());
  const stop = async () => {
    started.child.kill("SIGTERM");
    await started.ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const app = await whenReady(started, dataDir);
    return { ...app, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gantry-e2e-"));
  // As root, the database runs as another user, who must be able to reach its data.
  chmodSync(folder, 0o711);
  return folder;
}

export function startServer(
  dataDir: string,
  port: number,
  env: Readonly<Record<string, string>> = {},
): Started {
  return startNode("apps/api/dist/main.js", {
    GANTRY_DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: "warn",
    ...env,
  });
}

export async function whenReady(
  started: Started,
  dataDir: string,
): Promise<Omit<App, keyof AsyncDisposable>> {
  const baseUrl = await until("Gantry is ready", () => {
    if (started.child.exitCode !== null) throw new Error(`Gantry ended instead:\n${started.output()}`);
    return /^Gantry is ready at (\S+)$/m.exec(started.output())?.[1];
  });
  const demo: Demo = JSON.parse(readFileSync(join(dataDir, "demo.json"), "utf8"));
  return {
    ...started,
    baseUrl,
    dataDir,
    demo,
    workflowId: (name) => {
      const workflow = demo.workflows.find((each) => each.name === name);
      if (workflow === undefined) throw new Error(`the demo has no workflow ${name}`);
      return workflow.id;
    },
    query: async (use) => {
      const sql = postgres(embeddedUrl(dataDir), { max: 1, onnotice: () => {} });
      try {
        return await use(sql);
      } finally {
        await sql.end();
      }
    },
  };
}

/** Where the embedded database of a running app listens. */
function embeddedUrl(dataDir: string): string {
  const folder = join(dataDir, "postgres");
  const password = readFileSync(join(folder, "password"), "utf8").trim();
  const port = readFileSync(join(folder, "cluster", "postmaster.pid"), "utf8").split("\n")[3];
  return `postgres://gantry:${password}@127.0.0.1:${port}/postgres`;
}
