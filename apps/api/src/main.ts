import { type Demo, demoFile } from "./demo/demo.ts";
import { readEnv } from "./env.ts";
import { createLogger } from "./logger.ts";
import { quietSdks } from "./sdk-environment.ts";
import { OperatorError } from "./start/operator-error.ts";
import { onStopSignal } from "./start/stop-signal.ts";
import { type Gantry, startGantry } from "./start-gantry.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);

quietSdks(process.env);
const stopped = onStopSignal(process, () => performance.now());
const gantry = await startOrExplain();
if (!stopped.requested) announce(gantry);
await stopped.promise;
print("\nGantry is stopping; runs in progress may end first. Ctrl-C again ends it at once.");
await gantry.close();
print("Gantry has stopped.");
process.exit(0);

async function startOrExplain(): Promise<Gantry> {
  try {
    const parsed = readEnv();
    if (!parsed.ok) throw new OperatorError(parsed.problems.join(" "));
    print("Gantry is starting");
    return await startGantry({ env: parsed.env, print });
  } catch (error) {
    if (error instanceof OperatorError) process.stderr.write(`Gantry cannot start: ${error.message}\n`);
    else createLogger("fatal").fatal({ err: error }, "Gantry could not start");
    process.exit(1);
  }
}

function announce({ baseUrl, demo }: Gantry): void {
  print(`Gantry is ready at ${baseUrl}`);
  if (demo === null) return;
  print(`\n  Sign in as ${demo.owner.email} with the password ${demo.owner.password}`);
  const command = curl(baseUrl, demo);
  if (command !== null) print(`  or run a workflow from another terminal:\n\n${command}\n`);
  print(`  Both are kept in ${demoFile} in the data folder. Ctrl-C stops Gantry.`);
}

function curl(baseUrl: string, { apiKey, workflows: [workflow] }: Demo): string | null {
  if (workflow === undefined) return null;
  const url = `${baseUrl}/api/v2/workflows/${workflow.id}/execute`;
  return `curl -sS ${url} -H 'X-API-Key: ${apiKey}' -H 'Content-Type: application/json' -d '{"input":{}}'`;
}
