import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { commandOf, startOf } from "./process-table.ts";

describe("process table", () => {
  test("a live process has a start that stays the same, and its command with arguments", () => {
    expect(startOf(process.pid)).toMatch(/^[\w-]+$/);
    expect(startOf(process.pid)).toBe(startOf(process.pid));
    expect(commandOf(process.pid)).toContain("node");
  });

  test("a process that has ended has neither", async () => {
    const child = spawn("/bin/sh", ["-c", "exit 0"]);
    await once(child, "exit");
    const pid = child.pid ?? 0;
    expect(startOf(pid)).toBeNull();
    expect(commandOf(pid)).toBeNull();
  });
});
