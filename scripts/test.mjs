// `pnpm test`: every check and every test, one after the other; a failure does not hide what comes after it. Ends with
// the line `N passed, N failed`, where each check counts as one.
//
//   --unit   only the unit and integration tests, as CI runs them under the next Node
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startBuild } from "./build.mjs";
import { checkImports } from "./check-imports.mjs";
import { checkMigrations } from "./check-migrations.mjs";
import { countTests } from "./count-tests.mjs";
import { findChromium } from "./find-chromium.mjs";
import { findRedis } from "./find-redis.mjs";
import { watchLaunchers } from "./launchers.mjs";
import { ended, repositoryRoot, runTool } from "./run-tool.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };
/** What went wrong or did not happen, repeated at the end. */
const remarks = [];
const startedAt = performance.now();

watchLaunchers(() => process.exit(143));
process.on("SIGTERM", () => process.exit(143));
process.on("SIGINT", () => process.exit(130));
console.log(`Node ${process.versions.node}`);
if (process.argv.includes("--unit")) {
  await unitTests();
} else {
  await everything();
}
report();

async function everything() {
  await check("format", () => runTool("@biomejs/biome", ["ci", "."], { command: "biome" }));
  await check("lint", () => runTool("oxlint", ["--type-aware", "--deny-warnings"]));
  await check("types", () => runTool("typescript", ["-b"], { command: "tsc" }));
  await check("import directions", async () => {
    const { problems } = checkImports(repositoryRoot);
    return { code: problems.length === 0 ? 0 : 1, output: problems.join("\n") };
  });
  await check("dead code", () => runTool("knip", ["--no-progress"]));
  await check("migrations match the schema", checkMigrations);
  const built = await check("build", () => ended(startBuild()));
  await unitTests();
  if (built) await browserTests();
  else remarks.push("NOT RUN: the browser tests, because the build failed");
}

/**
 * @param {string} name
 * @param {() => Promise<{ code: number, output: string }>} run
 * @returns {Promise<boolean>}
 */
async function check(name, run) {
  const began = performance.now();
  const { code, output } = await run();
  const good = code === 0;
  total[good ? "passed" : "failed"] += 1;
  line(good, name, began);
  if (!good) {
    console.log(output.trimEnd());
    remarks.push(`failed: ${name}`);
  }
  return good;
}

/** @param {string} name @param {string[]} args @param {number} timeoutMs @param {Record<string, string>} [env] */
async function tests(name, args, timeoutMs, env = {}) {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "gantry-report-"));
  const file = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { code } = await runTool("vitest", ["run", ...args, ...reporters], { env, timeoutMs, show: true });
  const results = readReport(file);
  rmSync(folder, { recursive: true, force: true });
  const count = countTests(results, code);
  for (const key of ["passed", "failed", "skipped"]) total[key] += count[key];
  line(count.failed === 0, `${name}: ${count.passed} passed, ${count.failed} failed`, began);
  if (code === 124) remarks.push(`stopped after ${timeoutMs / 1000} s: ${name}`);
  else if (count.passed + count.failed <= 1 && count.failed > 0) remarks.push(`no test ran: ${name}`);
  for (const title of failedTests(results)) remarks.push(`failed: ${title}`);
}

async function unitTests() {
  const config = ["--config", "vitest.config.ts"];
  const redis = findRedis((text) => console.log(`  ${text}`));
  if (redis.path !== null) {
    await tests("unit and integration tests", config, 1_200_000, { REDIS_SERVER_PATH: redis.path });
    return;
  }
  const listed = await runTool("vitest", ["list", ...config, ".redis.test.ts"]);
  remarks.push(
    "NOT RUN: the tests that need Redis, because there is no Redis or Valkey server and none could be installed:",
    ...redis.tried.map((attempt) => `  ${attempt}`),
    ...listed.output
      .trim()
      .split("\n")
      .map((title) => `  not run: ${title}`),
    "  Install Redis 7 or Valkey, or name its server in REDIS_SERVER_PATH, and run the tests again.",
  );
  await tests("unit and integration tests", [...config, "--exclude", "**/*.redis.test.ts"], 1_200_000);
}

async function browserTests() {
  const config = ["--config", "vitest.e2e.config.ts"];
  const browser = await findChromium((text) => console.log(`  ${text}`));
  if (browser.path !== null) {
    await tests("browser and lifecycle tests", config, 1_200_000, { CHROMIUM_PATH: browser.path });
    return;
  }
  const listed = await runTool("vitest", ["list", ...config, "--project", "browser"]);
  remarks.push(
    "NOT RUN: the browser tests, because there is no Chromium or Chrome and none could be installed:",
    ...browser.tried.map((attempt) => `  ${attempt}`),
    ...listed.output
      .trim()
      .split("\n")
      .map((title) => `  not run: ${title}`),
    "  Install Chromium or Chrome, or name one in CHROMIUM_PATH, and run the tests again.",
  );
  await tests("lifecycle tests", [...config, "--project", "lifecycle"], 1_200_000);
}

function report() {
  console.log("");
  for (const remark of remarks) console.log(remark);
  if (total.skipped > 0) console.log(`${total.skipped} tests were skipped`);
  console.log(`took ${seconds(startedAt)}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** @returns {string[]} */
function failedTests(results) {
  return (results?.testResults ?? []).flatMap(({ name, status, assertionResults }) => {
    const file = relative(repositoryRoot, name);
    const titles = assertionResults
      .filter((each) => each.status === "failed")
      .map((each) => `${file}: ${each.fullName}`);
    return titles.length === 0 && status === "failed" ? [`${file} could not be run`] : titles;
  });
}

function line(good, name, began) {
  console.log(`${good ? "✓" : "✗"} ${name.padEnd(50)} ${seconds(began).padStart(8)}`);
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
