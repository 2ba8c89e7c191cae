import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests of the built app as a user meets it: in a browser, and as a process that is started and stopped. */
const root = fileURLToPath(new URL("apps/web", import.meta.url));
const lifecycle = "e2e/lifecycle*.e2e.test.ts";

export default defineConfig({
  test: {
    // Each file runs a server, a database and perhaps a browser of its own.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        root,
        test: { name: "browser", include: ["e2e/**/*.e2e.test.ts"], exclude: [lifecycle] },
      },
      { extends: true, root, test: { name: "lifecycle", include: [lifecycle] } },
    ],
  },
});
