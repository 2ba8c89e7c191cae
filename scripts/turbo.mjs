// `node scripts/turbo.mjs run build`: turbo, with its telemetry off. It ends with us, and with npx or pnpm above us.
import { watchLaunchers } from "./launchers.mjs";
import { ended, spawnTool } from "./run-tool.mjs";

const child = spawnTool("turbo", process.argv.slice(2), { stdio: "inherit" });
const stop = () => child.kill("SIGTERM");
// At a terminal turbo gets the signal itself; we only wait for it to stop its tasks.
process.on("SIGINT", () => {});
process.on("SIGTERM", stop);
process.on("SIGHUP", stop);
watchLaunchers(stop);
const { code } = await ended(child);
process.exitCode = code;
