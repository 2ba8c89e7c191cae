import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findRedis } from "./find-redis.mjs";

const folder = mkdtempSync(join(tmpdir(), "gantry-find-redis-"));
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A program that says this when it is asked for its version. */
function serverThatSays(version) {
  const path = join(folder, "server");
  writeFileSync(path, `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
  vi.stubEnv("REDIS_SERVER_PATH", path);
  return path;
}

test("the server that was chosen is taken, Redis or Valkey", () => {
  const path = serverThatSays("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64");
  expect(findRedis(() => {})).toEqual({ path });
  serverThatSays("Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64");
  expect(findRedis(() => {})).toEqual({ path });
});

test("one that was chosen and is too old or not there is not silently replaced by another", () => {
  const path = serverThatSays("Redis server v=6.2.14 sha=00000000:0");
  expect(findRedis(() => {})).toEqual({
    path: null,
    tried: [`${path}: is not version 7 or later: Redis server v=6.2.14 sha=00000000:0`],
  });
  rmSync(folder, { recursive: true });
  expect(findRedis(() => {})).toMatchObject({ path: null, tried: [expect.stringContaining("ENOENT")] });
});
