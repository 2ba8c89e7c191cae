import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const conditions = ["@gantry/source", ...defaultServerConditions];

const unitAndIntegration = [
  "packages/workflow",
  "packages/egress",
  "packages/sandbox",
  "packages/secrets",
  "packages/db",
  "packages/billing",
  "packages/providers",
  "packages/model-server",
  "packages/execution",
  "apps/api",
  "apps/web",
];

function packageName(folder: string): string {
  const manifest: { name: string } = JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8"));
  return manifest.name;
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: unitAndIntegration.map((folder) => ({
      extends: true,
      root: `${root}${folder}`,
      test: {
        name: packageName(folder),
        include: ["src/**/*.test.ts"],
        globalSetup: [`${root}packages/db/src/testing/global-setup.ts`],
        testTimeout: 30_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
