import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ModelServer } from "@gantry/model-server";

/** The service in a process of its own, as an operator runs it in production. */
export interface GantryProcess extends AsyncDisposable {
  readonly baseUrl: string;
}

/** On a migrated database; model calls go to this server. Needs the built `@gantry/api`. */
export async function startGantryProcess(options: {
  readonly databaseUrl: string;
  readonly models: ModelServer;
}): Promise<GantryProcess> {
  const folder = await mkdtemp(join(tmpdir(), "gantry-bench-service-"));
  const certificate = join(folder, "models.pem");
  await writeFile(certificate, options.models.ca);
  const main = fileURLToPath(new URL("./main.js", import.meta.resolve("@gantry/api")));
  const child = spawn(process.execPath, [main], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "production",
      NODE_EXTRA_CA_CERTS: certificate,
      PORT: "0",
      DATABASE_URL: options.databaseUrl,
      GANTRY_DATA_DIR: folder,
      AUTH_SECRET: randomBytes(32).toString("hex"),
      ENCRYPTION_KEY: randomBytes(32).toString("hex"),
      ANTHROPIC_API_KEY: "bench",
      ANTHROPIC_BASE_URL: options.models.url,
      // One line for each request would be measured too; whoever wants it pays for it.
      LOG_LEVEL: "warn",
    },
  });
  // When this process ends on a signal, nothing here has to be saved.
  const abandon = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", abandon);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    process.off("exit", abandon);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { baseUrl: await readyAt(child), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readyAt(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("The service's output is not piped.");
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [, baseUrl] = /^Gantry is ready at (\S+)$/.exec(line) ?? [];
    if (baseUrl !== undefined) {
      child.stdout.resume();
      return baseUrl;
    }
    told.push(line);
  }
  throw new Error(`The service did not start:\n${told.join("\n")}`);
}
