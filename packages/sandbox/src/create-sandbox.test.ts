import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { createSandbox, type SandboxPool } from "./create-sandbox.ts";
import type { SandboxJob, SandboxLimits } from "./port.ts";

const limits: SandboxLimits = { timeoutMs: 10_000, memoryBytes: 32 * 1024 * 1024, resultBytes: 100_000 };
const never = new AbortController().signal;
/** One native call that compares for hours and never lets the interpreter look at its deadline. */
const DEAF = "return 'a'.repeat(2e6).indexOf('a'.repeat(1e6) + 'b');";

const open: SandboxPool[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

function sandboxOf(threadsMax: number): SandboxPool {
  const sandbox = createSandbox({ threadsMax });
  open.push(sandbox);
  return sandbox;
}

function job(source: string, inputs: Record<string, unknown> = {}, timeoutMs = limits.timeoutMs): SandboxJob {
  return { kind: "body", source, inputs, limits: { ...limits, timeoutMs } };
}

describe("sandbox", () => {
  test("runs a job on a thread and answers with its value and logs", async () => {
    const result = await sandboxOf(1).run(job("console.log('hi'); return inputs.a + 1", { a: 1 }), never);
    expect(result).toEqual({ ok: true, value: 2, logs: ["hi"] });
  });

  test("an endless loop leaves the event loop free and other jobs running", async () => {
    const sandbox = sandboxOf(2);
    const abort = new AbortController();
    const endless = sandbox.run(job("while (true);", {}, 60_000), abort.signal);
    // The loop above would hold these up for its whole minute if it held this thread.
    for (let round = 0; round < 20; round++) {
      expect(await sandbox.run(job("return inputs.round", { round }), never)).toMatchObject({ value: round });
    }
    abort.abort();
    expect(await endless).toMatchObject({ ok: false, failure: "ABORTED" });
  });

  test("a job out of time frees its thread for the job that waits behind it", async () => {
    const sandbox = sandboxOf(1);
    const results = await Promise.all([
      sandbox.run(job("while (true);", {}, 50), never),
      sandbox.run(job("return 'next'"), never),
    ]);
    expect(results).toMatchObject([
      { ok: false, failure: "TIMED_OUT" },
      { ok: true, value: "next" },
    ]);
  });

  test("a job that the interpreter cannot interrupt is ended with its thread, and the jobs behind it run", async () => {
    const sandbox = sandboxOf(1);
    const results = await Promise.all([
      sandbox.run(job(DEAF, {}, 300), never),
      sandbox.run(job("return 'first behind'"), never),
      sandbox.run(job("return 'second behind'"), never),
    ]);
    expect(results).toMatchObject([
      { ok: false, failure: "TIMED_OUT", message: "The code ran for longer than 300 ms" },
      { ok: true, value: "first behind" },
      { ok: true, value: "second behind" },
    ]);
  });

  test("an abort ends a job that cannot be interrupted, too", async () => {
    const sandbox = sandboxOf(2);
    const abort = new AbortController();
    const deaf = sandbox.run(job(DEAF), abort.signal);
    // Long enough for the other thread to be in the middle of its call.
    await sandbox.run(job("while (true);", {}, 300), never);
    abort.abort();
    expect(await deaf).toMatchObject({ ok: false, failure: "ABORTED" });
    expect(await sandbox.run(job("return 1"), never)).toMatchObject({ value: 1 });
  });

  test("an aborted job never starts, whether it was called so or waited", async () => {
    const sandbox = sandboxOf(1);
    const abort = new AbortController();
    const running = sandbox.run(job("while (true);", {}, 200), never);
    const waiting = sandbox.run(job("return 1"), abort.signal);
    const behind = sandbox.run(job("return 2"), never);
    abort.abort();
    expect(await waiting).toMatchObject({ ok: false, failure: "ABORTED" });
    expect(await sandbox.run(job("return 1"), AbortSignal.abort())).toMatchObject({ failure: "ABORTED" });
    expect(await running).toMatchObject({ failure: "TIMED_OUT" });
    expect(await behind).toMatchObject({ value: 2 });
  });

  test("an abort of one job does not touch the job that follows on the same thread", async () => {
    const sandbox = sandboxOf(1);
    for (let round = 0; round < 5; round++) {
      const abort = new AbortController();
      const aborted = sandbox.run(job("while (true);"), abort.signal);
      const next = sandbox.run(job("let n = 0; for (let i = 0; i < 1e5; i++) n += i; return n"), never);
      abort.abort();
      expect(await aborted).toMatchObject({ failure: "ABORTED" });
      expect(await next).toMatchObject({ ok: true, value: 4_999_950_000 });
    }
  });

  test("jobs of one thread run in the order of their calls", async () => {
    const sandbox = sandboxOf(1);
    const order: number[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map(async (number) => {
        await sandbox.run(job("return 1"), never);
        order.push(number);
      }),
    );
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("no state passes from job to job on the same thread", async () => {
    const sandbox = sandboxOf(1);
    await sandbox.run(
      job("globalThis.leak = 1; Object.prototype.polluted = 1; JSON.stringify = () => '1'"),
      never,
    );
    const probe = job("return [typeof leak, {}.polluted ?? null, JSON.stringify([2])]");
    expect(await sandbox.run(probe, never)).toMatchObject({ value: ["undefined", null, "[2]"] });
  });

  test("a job that runs out of memory or stack leaves the next job whole", async () => {
    const sandbox = sandboxOf(1);
    const hungry = "const kept = []; while (true) kept.push(new Array(1000).fill(1));";
    expect(await sandbox.run(job(hungry), never)).toMatchObject({ failure: "OUT_OF_MEMORY" });
    expect(await sandbox.run(job("const f = () => f(); f();"), never)).toMatchObject({ failure: "THREW" });
    expect(await sandbox.run(job("return new Array(1000).fill(1).length"), never)).toMatchObject({
      value: 1000,
    });
  });

  test("inputs that JSON cannot write reject, and take no thread", async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    await expect(sandboxOf(1).run(job("return 1", cyclic), never)).rejects.toThrow(TypeError);
  });

  test("closing answers running and waiting jobs and refuses later ones", async () => {
    const sandbox = createSandbox({ threadsMax: 1 });
    const jobs = [sandbox.run(job("while (true);"), never), sandbox.run(job("return 1"), never)];
    await sandbox.close();
    expect(await Promise.all(jobs)).toMatchObject([{ failure: "ABORTED" }, { failure: "ABORTED" }]);
    await expect(sandbox.run(job("return 1"), never)).rejects.toThrow("closed");
  });

  test("threads that wait for work do not keep the process alive", async () => {
    const built = new URL("../dist/index.js", import.meta.url).href;
    const script = `
      const { createSandbox } = await import(${JSON.stringify(built)});
      const job = { kind: "expression", source: "1 + 1", inputs: {}, limits: ${JSON.stringify(limits)} };
      console.log((await createSandbox({ threadsMax: 2 }).run(job, new AbortController().signal)).value);
    `;
    const child = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      timeout: 20_000,
    });
    expect(child.stdout).toBe("2\n");
  });
});
