import { classifyStoreFailure } from "@gantry/db";
import { expect, test } from "vitest";
import { RedisStoreError } from "./ask.ts";
import { classifyRedisFailure } from "./redis-failure.ts";

const unavailable = [
  "LOADING Redis is loading the dataset in memory",
  "READONLY You can't write against a read only replica. script: 52e7, on @user_script:9.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
  "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  "CLUSTERDOWN The cluster is down",
  "TRYAGAIN Multiple keys request during rehashing of slot",
  "NOREPLICAS Not enough good replicas to write.",
  "ERR max number of clients reached",
  "Connection is closed.",
  "Command timed out",
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Socket timeout. Expecting data, but didn't receive any in 2500ms.",
];

test.each(unavailable)("the store is away: %s", (message) => {
  expect(classifyRedisFailure(new Error(message))).toBe("unavailable");
  expect(classifyStoreFailure(new RedisStoreError(new Error(message)))).toBe("unavailable");
});

test.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN"])("the socket failed: %s", (code) => {
  expect(classifyRedisFailure(Object.assign(new Error(`connect ${code}`), { code }))).toBe("unavailable");
});

test.each(["MaxRetriesPerRequestError", "AbortError"])("the driver gave up: %s", (name) => {
  expect(classifyRedisFailure(Object.assign(new Error("gave up"), { name }))).toBe("unavailable");
});

const defects = [
  "ERR value is not an integer or out of range",
  "WRONGTYPE Operation against a key holding the wrong kind of value",
  "NOPERM this user has no permissions to run the 'evalsha' command",
  "CROSSSLOT Keys in request don't hash to the same slot",
  "OOMPH",
];

test.each(defects)("trying again does not help: %s", (message) => {
  expect(classifyRedisFailure(new Error(message))).toBe("defect");
  expect(classifyStoreFailure(new RedisStoreError(new Error(message)))).toBe("defect");
});

test("what is not an error is a defect", () => {
  expect(classifyRedisFailure("away")).toBe("defect");
});
