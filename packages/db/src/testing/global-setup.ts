import type { TestProject } from "vitest/node";
import { serveTestDatabases, type TestServer } from "./test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where `createTestDatabase` asks for the test run's PostgreSQL. */
    testServerPort: number;
  }
}

/** Vitest loads this file once for each project, in one process: the server is kept where all of them find it. */
const shared: typeof globalThis & { gantryTestServer?: { server: Promise<TestServer>; users: number } } =
  globalThis;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.gantryTestServer ??= { server: serveTestDatabases(), users: 0 };
  const own = shared.gantryTestServer;
  own.users += 1;
  const server = await own.server;
  project.provide("testServerPort", server.port);
  return async () => {
    own.users -= 1;
    if (own.users > 0) return;
    delete shared.gantryTestServer;
    await server.close();
  };
}
