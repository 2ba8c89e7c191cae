// `node scripts/build.mjs @gantry/bench`: builds a package and what it needs, and says nothing unless that fails.
import { fileURLToPath } from "node:url";
import { ended, spawnTool } from "./run-tool.mjs";

/**
 * Starts a build of what changed. Its output matters only when it fails.
 *
 * @param {string[]} packages by name, with what they need; none: all of them
 */
export function startBuild(packages = []) {
  const filters = packages.map((name) => `--filter=${name}`);
  return spawnTool("turbo", ["run", "build", ...filters, "--output-logs=errors-only", "--ui=stream"]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The build is stopped as we exit.
  process.on("SIGINT", () => process.exit(130));
  process.on("SIGTERM", () => process.exit(143));
  const { code, output } = await ended(startBuild(process.argv.slice(2)));
  if (code !== 0) process.stderr.write(output);
  process.exitCode = code;
}
