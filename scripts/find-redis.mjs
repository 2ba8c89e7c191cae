import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The first that can run scripts as claims need them. */
const oldestMajor = 7;

/**
 * A Redis or Valkey server that the tests can start: `REDIS_SERVER_PATH`, else one on the path or in a usual place, else
 * Debian's package where we may install it.
 *
 * @param {(line: string) => void} tell told about an installation, which takes a while
 * @returns {{ path: string } | { path: null, tried: string[] }}
 */
export function findRedis(tell) {
  const tried = [];
  const chosen = process.env.REDIS_SERVER_PATH;
  const found = firstThatRuns(chosen ? [chosen] : usualPlaces(), tried);
  if (found !== null) return { path: found };
  // A server that somebody chose is not silently replaced by another.
  if (chosen) return { path: null, tried };
  const installed = installDebianPackage(tell, tried);
  if (installed !== null && firstThatRuns([installed], tried) !== null) return { path: installed };
  return { path: null, tried };
}

/** @returns {string[]} */
function usualPlaces() {
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
  ];
  const places = folders.flatMap((folder) =>
    ["redis-server", "valkey-server"].map((name) => join(folder, name)),
  );
  return [...new Set(places)].filter(isExecutable);
}

function installDebianPackage(tell, tried) {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !isExecutable("/usr/bin/apt-get"))
    return null;
  tell("no redis-server found; installing Debian's redis-server package");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "redis-server"]]) {
    const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8", timeout: 300_000 });
    if (status !== 0) {
      tried.push(`apt-get ${args.join(" ")}: ${stderr?.trim().split("\n").at(-1) || "did not run"}`);
      return null;
    }
  }
  return "/usr/bin/redis-server";
}

/** @param {string[]} paths @param {string[]} tried @returns {string | null} */
function firstThatRuns(paths, tried) {
  for (const path of paths) {
    const { status, stdout, error } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 10_000 });
    const major = Number(/\bv=(\d+)\./.exec(stdout ?? "")?.[1]);
    if (status === 0 && major >= oldestMajor) return path;
    tried.push(
      `${path}: ${error?.message ?? `is not version ${oldestMajor} or later: ${firstLine(stdout)}`}`,
    );
  }
  return null;
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split("\n", 1)[0];
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(findRedis((line) => console.log(line)));
}
