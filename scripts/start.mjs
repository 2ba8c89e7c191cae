// `pnpm start`: builds what changed, then runs the server in this same process, so that a signal to it is a signal to
// the server. Only node: imports above the version check, and no syntax that an old Node cannot read.
import { existsSync } from "node:fs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Gantry needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
}

const server = new URL("../apps/api/dist/main.js", import.meta.url);
if (!existsSync(new URL("../node_modules/turbo/package.json", import.meta.url))) {
  fail("The dependencies are not installed. Run: npx -y pnpm@12 install");
}

// When the launcher above us is gone, so may be whoever read our output: that must not stop the shutdown.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

// The server takes a second signal for impatience and exits at once, so ours is sent only where none came before.
let signalled = false;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.on(signal, () => {
    signalled = true;
    const nobodyElseListens = process.listenerCount(signal) === 1;
    if (nobodyElseListens) process.exit(code);
  });
}
const stop = () => signalled || process.kill(process.pid, "SIGTERM");
process.on("SIGHUP", stop);
const { watchLaunchers } = await import("./launchers.mjs");
watchLaunchers(stop);

await build();
await import(server.href);

async function build() {
  const { startBuild } = await import("./build.mjs");
  const { ended } = await import("./run-tool.mjs");
  console.log("Gantry is being built");
  const startedAt = performance.now();
  const child = startBuild(["@gantry/api", "@gantry/web"]);
  const stopBuild = (signal) => {
    child.once("close", () => process.exit(signal === "SIGINT" ? 130 : 143));
    child.kill("SIGTERM");
  };
  process.on("SIGINT", stopBuild).on("SIGTERM", stopBuild);
  const { code, output } = await ended(child);
  process.off("SIGINT", stopBuild).off("SIGTERM", stopBuild);
  if (code !== 0) {
    // turbo runs each package's script through pnpm.
    if (output.includes("package manager binary"))
      fail("There is no pnpm on the PATH. Run: npx -y pnpm@12 start");
    process.stderr.write(output);
    fail("The build failed; its output is above.");
  }
  console.log(`  built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
