import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";

/** Unit and integration tests: one project per package, named like it. Browser tests: vitest.e2e.config.ts. */
const root = fileURLToPath(new URL(".", import.meta.url));
// Packages are tested from their sources: no build is needed before the tests.
const conditions = ["@gantry/source", "node", "development|production"];

type Manifest = {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

const packages = ["packages", "apps"]
  .flatMap((kind) => readdirSync(`${root}${kind}`).map((name) => `${root}${kind}/${name}`))
  .filter((folder) => existsSync(`${folder}/package.json`));

function projectOf(folder: string): TestProjectConfiguration {
  const manifest: Manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };
  const usesDatabase = manifest.name === "@gantry/db" || "@gantry/db" in dependencies;
  return {
    extends: true,
    root: folder,
    test: {
      name: manifest.name,
      include: ["src/**/*.test.ts"],
      // Files of a project share their modules, which keep no state of their own: imports are two fifths of the time
      // otherwise. What the API is built on does keep some, and the providers' soak test weighs the heap.
      isolate: ["@gantry/api", "@gantry/providers"].includes(manifest.name),
      globalSetup: usesDatabase ? [`${root}packages/db/src/testing/global-setup.ts`] : [],
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
  };
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Vitest leaves one core to itself, which on two is half of the machine: 206 s instead of 388.
    maxWorkers: "100%",
    // AWS's SDK warns of Node 20 at every first call.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    projects: [
      ...packages.map(projectOf),
      { extends: true, root: `${root}scripts`, test: { name: "scripts", include: ["**/*.test.mjs"] } },
    ],
  },
});
