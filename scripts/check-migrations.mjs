import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot, runTool } from "./run-tool.mjs";

const database = join(repositoryRoot, "packages", "db");

/**
 * Checks that the migrations are consistent with one another and that the schema asks for no further one: a migration is
 * generated into a copy of the folder, where nothing may appear.
 *
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function checkMigrations() {
  const folder = mkdtempSync(join(tmpdir(), "gantry-migrations-"));
  try {
    cpSync(join(database, "migrations"), folder, { recursive: true });
    // drizzle-kit takes only relative folders.
    const target = ["--dialect=postgresql", `--out=${relative(database, folder)}`];
    const options = { from: "packages/db", cwd: database, timeoutMs: 60_000 };
    const check = await runTool("drizzle-kit", ["check", ...target], options);
    if (check.code !== 0) return check;
    const generate = await runTool(
      "drizzle-kit",
      ["generate", ...target, "--schema=./src/schema/index.ts"],
      options,
    );
    if (generate.code !== 0) return generate;
    const known = new Set(readdirSync(join(database, "migrations")));
    const missing = readdirSync(folder).filter((name) => !known.has(name));
    if (missing.length === 0) return { code: 0, output: "" };
    const statements = missing.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    return { code: 1, output: `The schema asks for a migration that does not exist yet:\n${statements}\n` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, output } = await checkMigrations();
  process.stdout.write(output);
  process.exitCode = code;
}
