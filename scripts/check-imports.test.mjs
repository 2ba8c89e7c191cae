import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkImports } from "./check-imports.mjs";

const folders = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the check of import directions", () => {
  test("lets a declared import of a lower layer pass", () => {
    expect(problemsOf({ "packages/execution/src/run.ts": 'import { facts } from "@gantry/db";' })).toEqual(
      [],
    );
  });

  test("refuses an import that points upwards, declared or not", () => {
    expect(problemsOf({ "packages/db/src/pool.ts": 'import { run } from "@gantry/execution";' })).toEqual([
      "packages/db/src/pool.ts:1: db may not import @gantry/execution",
    ]);
  });

  test("refuses an upward import of types", () => {
    expect(
      problemsOf({ "packages/db/src/pool.ts": 'import type { Run } from "@gantry/execution";' }),
    ).toHaveLength(1);
  });

  test("refuses an upward re-export and an upward dynamic import", () => {
    const source =
      'export { run } from "@gantry/execution";\nexport const later = () => import("@gantry/execution");';
    expect(problemsOf({ "packages/db/src/pool.ts": source })).toEqual(
      [
        "packages/db/src/pool.ts:2: db may not import @gantry/execution",
        "packages/db/src/pool.ts:1: db may not import @gantry/execution",
      ].toSorted(),
    );
  });

  test("refuses an import between two packages of one layer", () => {
    expect(
      problemsOf({ "packages/workflow/src/plan.ts": 'import { facts } from "@gantry/db";' }),
    ).toHaveLength(1);
  });

  test("refuses an import that is not declared", () => {
    expect(
      problemsOf({ "packages/execution/src/run.ts": 'import { parse } from "@gantry/workflow";' }),
    ).toEqual(["packages/execution/src/run.ts:1: @gantry/workflow is not a dependency of @gantry/execution"]);
  });

  test("lets tests, and only them, use development dependencies", () => {
    const source = 'import { serve } from "@gantry/model-server";';
    expect(problemsOf({ "packages/execution/src/run.test.ts": source })).toEqual([]);
    expect(problemsOf({ "packages/execution/src/run.ts": source })).toHaveLength(1);
  });

  test("refuses an import past the doors of a package", () => {
    expect(
      problemsOf({ "packages/execution/src/run.ts": 'import { pool } from "@gantry/db/src/pool.ts";' }),
    ).toEqual(["packages/execution/src/run.ts:1: @gantry/db/src/pool.ts is not a door of @gantry/db"]);
    expect(
      problemsOf({ "packages/execution/src/run.test.ts": 'import { clone } from "@gantry/db/testing";' }),
    ).toEqual([]);
  });

  test("refuses a relative import that leaves its package", () => {
    expect(
      problemsOf({ "packages/execution/src/run.ts": '\nimport { pool } from "../../db/src/pool.ts";' }),
    ).toEqual([
      "packages/execution/src/run.ts:2: ../../db/src/pool.ts leaves the package; import it by its name",
    ]);
  });

  test("lets the web app import the server's types and nothing that would ship the server to browsers", () => {
    expect(problemsOf({ "apps/web/src/api.ts": 'import type { AppRouter } from "@gantry/api";' })).toEqual(
      [],
    );
    expect(problemsOf({ "apps/web/src/api.ts": 'import { serve } from "@gantry/api";' })).toHaveLength(1);
    expect(
      problemsOf({ "apps/web/src/api.ts": 'import { type AppRouter } from "@gantry/api";' }),
    ).toHaveLength(1);
  });

  test("refuses a forbidden dependency that nothing imports yet, and a package without a layer", () => {
    expect(
      problemsOf({
        "packages/db/package.json": manifest("db", { dependencies: ["execution"] }),
        "packages/new/package.json": manifest("new", {}),
      }),
    ).toEqual([
      "packages/db/package.json:1: db may not depend on @gantry/execution",
      "packages/new/package.json:1: new has no layer; give it one in scripts/layers.mjs",
    ]);
  });
});

/** The problems of a small repository made of the packages below and the given files. */
function problemsOf(files) {
  const root = mkdtempSync(join(tmpdir(), "gantry-imports-"));
  folders.push(root);
  const all = {
    "packages/db/package.json": manifest("db", { doors: [".", "./testing"] }),
    "packages/workflow/package.json": manifest("workflow", {}),
    "packages/model-server/package.json": manifest("model-server", {}),
    "packages/execution/package.json": manifest("execution", {
      dependencies: ["db"],
      devDependencies: ["model-server"],
    }),
    "apps/api/package.json": manifest("api", { dependencies: ["execution"] }),
    "apps/web/package.json": manifest("web", { devDependencies: ["api"] }),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return checkImports(root).problems.toSorted();
}

function manifest(name, { doors = ["."], dependencies = [], devDependencies = [] }) {
  const own = (names) => Object.fromEntries(names.map((each) => [`@gantry/${each}`, "workspace:*"]));
  return JSON.stringify({
    name: `@gantry/${name}`,
    exports: Object.fromEntries(doors.map((door) => [door, "./src/index.ts"])),
    dependencies: own(dependencies),
    devDependencies: own(devDependencies),
  });
}
