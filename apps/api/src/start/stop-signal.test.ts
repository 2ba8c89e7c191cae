import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { onStopSignal } from "./stop-signal.ts";

class Target extends EventEmitter {
  exits: number[] = [];
  exit(code: number): never {
    this.exits.push(code);
    // The real one does not come back.
    throw new Error("exited");
  }
}

function send(target: Target, signal: string): void {
  try {
    target.emit(signal);
  } catch {
    // As above.
  }
}

describe("stop signals", () => {
  test("the first one asks to stop, and what launchers pass on at once counts as the same", async () => {
    const target = new Target();
    let now = 0;
    const stopped = onStopSignal(target, () => now);
    expect(stopped.requested).toBe(false);
    send(target, "SIGINT");
    await stopped.promise;
    expect(stopped.requested).toBe(true);
    now = 400;
    send(target, "SIGINT");
    send(target, "SIGTERM");
    expect(target.exits).toEqual([]);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])("a second %s, clearly later, ends the process at once", (signal, code) => {
    const target = new Target();
    let now = 0;
    onStopSignal(target, () => now);
    send(target, "SIGTERM");
    now = 5_000;
    send(target, signal);
    expect(target.exits).toEqual([code]);
  });
});
