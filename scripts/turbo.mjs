// `node scripts/turbo.mjs run build`: turbo, with its telemetry off.
import { ended, spawnTool } from "./run-tool.mjs";

const child = spawnTool("turbo", process.argv.slice(2), { stdio: "inherit" });
// At a terminal turbo gets the signal itself; we only wait for it to stop its tasks.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
const { code } = await ended(child);
process.exitCode = code;
