import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { repositoryRoot } from "./run-tool.mjs";

/** The last version of the package that lets Node 20 use it. Its binary is for x64 Linux. */
const packagedChromium = "@sparticuz/chromium@147.0.0";
const unpackedFolder = join(repositoryRoot, "node_modules", ".cache", "chromium");
const unpackedChromium = join(unpackedFolder, "chromium-with-libraries");

/**
 * A Chromium or Chrome that starts: `CHROMIUM_PATH`, else one of the usual places or what an earlier call unpacked, else
 * Debian's package where we may install it, else a registry package that ships the binary.
 *
 * @param {(line: string) => void} tell told about an installation, which takes a while
 * @returns {Promise<{ path: string } | { path: null, tried: string[] }>}
 */
export async function findChromium(tell) {
  const tried = [];
  const chosen = process.env.CHROMIUM_PATH;
  const found = await firstThatStarts(chosen ? [chosen] : usualPlaces(), tried);
  if (found !== null) return { path: found };
  // A browser that somebody chose is not silently replaced by another.
  if (chosen) return { path: null, tried };
  for (const install of [installDebianPackage, unpackRegistryPackage]) {
    const path = install(tell, tried);
    if (path !== null && (await firstThatStarts([path], tried)) !== null) return { path };
  }
  return { path: null, tried };
}

/** @returns {string[]} */
function usualPlaces() {
  const { PATH = "", LOCALAPPDATA, PROGRAMFILES } = process.env;
  const onPath = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].flatMap((name) =>
    PATH.split(delimiter).map((folder) => join(folder, name)),
  );
  const mac = ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  const windows = [PROGRAMFILES, LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe"));
  return [...onPath, ...mac, ...windows, unpackedChromium].filter(isExecutable);
}

function installDebianPackage(tell, tried) {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !isExecutable("/usr/bin/apt-get"))
    return null;
  tell("no browser found; installing Debian's chromium package");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8", timeout: 300_000 });
    if (status !== 0) {
      tried.push(`apt-get ${args.join(" ")}: ${lastLine(stderr)}`);
      return null;
    }
  }
  return "/usr/bin/chromium";
}

function unpackRegistryPackage(tell, tried) {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  tell(`no browser found; fetching ${packagedChromium}`);
  const folder = unpackedFolder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts", packagedChromium];
  const fetched = spawnSync("npm", npm, { cwd: folder, encoding: "utf8", timeout: 300_000 });
  if (fetched.status !== 0) {
    tried.push(`npm ${npm.join(" ")}: ${lastLine(fetched.stderr)}`);
    return null;
  }
  // The package unpacks its browser, and the libraries a bare machine lacks, into TMPDIR when it takes itself to be there.
  const unpack = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
  const unpacked = spawnSync(process.execPath, ["--input-type=module", "--eval", unpack], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
    encoding: "utf8",
    timeout: 120_000,
  });
  if (unpacked.status !== 0) {
    tried.push(`unpacking ${packagedChromium}: ${lastLine(unpacked.stderr)}`);
    return null;
  }
  const libraries = `LD_LIBRARY_PATH='${folder}/al2023/lib' FONTCONFIG_PATH='${folder}/fonts'`;
  writeFileSync(unpackedChromium, `#!/bin/sh\n${libraries} exec '${folder}/chromium' "$@"\n`);
  chmodSync(unpackedChromium, 0o755);
  return unpackedChromium;
}

/** @param {string[]} paths @param {string[]} tried @returns {Promise<string | null>} */
async function firstThatStarts(paths, tried) {
  for (const path of paths) {
    try {
      const browser = await chromium.launch({
        executablePath: path,
        args: ["--no-sandbox"],
        timeout: 30_000,
      });
      await browser.close();
      return path;
    } catch (error) {
      tried.push(`${path}: ${String(error).split("\n")[0]}`);
    }
  }
  return null;
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

/** @param {string | null} text */
function lastLine(text) {
  return text?.trim().split("\n").at(-1) ?? "did not run";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await findChromium((line) => console.log(line)));
}
