import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, without a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** No tool that this repository runs reports home or looks for its own updates. */
const quiet = { TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1", DO_NOT_TRACK: "1" };

/**
 * Starts a tool of this repository; it ends with us. The tool runs under our own Node: the shims in node_modules/.bin
 * take whatever `node` is first on the PATH, and cannot be spawned without a shell on Windows.
 *
 * @param {string} name the package whose command of the same name is run, e.g. "turbo"
 * @param {string[]} args
 * @param {{ command?: string, from?: string, cwd?: string, env?: Record<string, string>, stdio?: import("node:child_process").StdioOptions }} [options]
 *   `command` where it is not called like its package; `from` the workspace package that depends on the tool
 */
export function spawnTool(name, args, options = {}) {
  const {
    command = name,
    from = ".",
    cwd = repositoryRoot,
    env = {},
    stdio = ["ignore", "pipe", "pipe"],
  } = options;
  const folder = join(repositoryRoot, from, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const script = typeof bin === "string" ? bin : bin[command];
  const child = spawn(process.execPath, [join(folder, script), ...args], {
    cwd,
    env: { ...process.env, ...quiet, ...env },
    stdio,
  });
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  child.once("close", () => process.off("exit", stop));
  return child;
}

/**
 * Waits for a child's end.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {{ timeoutMs?: number, show?: boolean }} [options] `show` passes its output on as it comes
 * @returns {Promise<{ code: number, output: string }>} output and errors in one text; the code is 124 after `timeoutMs`
 */
export function ended(child, { timeoutMs, show = false } = {}) {
  return new Promise((resolve, reject) => {
    let output = "";
    let timedOut = false;
    const take = (chunk) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
    };
    child.stdout?.setEncoding("utf8").on("data", take);
    child.stderr?.setEncoding("utf8").on("data", take);
    const stop = () => {
      timedOut = true;
      child.kill("SIGKILL");
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), output });
    });
  });
}

/** @type {(name: string, args: string[], options?: Parameters<typeof spawnTool>[2] & Parameters<typeof ended>[1]) => ReturnType<typeof ended>} */
export function runTool(name, args, options = {}) {
  return ended(spawnTool(name, args, options), options);
}
