import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import type { SandboxJob, SandboxLimits } from "./port.ts";
import { compileQuickJs } from "./wasm.ts";

const module = await compileQuickJs();
const limits: SandboxLimits = { timeoutMs: 10_000, memoryBytes: 32 * 1024 * 1024, resultBytes: 100_000 };

function run(
  source: string,
  options: {
    kind?: SandboxJob["kind"];
    inputs?: Record<string, unknown>;
    limits?: Partial<SandboxLimits>;
    isAborted?: () => boolean;
  } = {},
): Promise<Evaluation> {
  const job = {
    kind: options.kind ?? "body",
    source,
    inputsJson: JSON.stringify(options.inputs ?? {}),
    limits: { ...limits, ...options.limits },
  };
  return evaluate(module, job, options.isAborted ?? (() => false));
}

async function valueOf(source: string, inputs: Record<string, unknown> = {}): Promise<unknown> {
  const evaluation = await run(source, { inputs });
  if (!evaluation.ok) throw new Error(evaluation.message);
  return JSON.parse(evaluation.valueJson);
}

async function failureOf(source: string, options: Parameters<typeof run>[1] = {}) {
  const evaluation = await run(source, options);
  if (evaluation.ok) throw new Error(`It succeeded with ${evaluation.valueJson.slice(0, 200)}`);
  return { failure: evaluation.failure, message: evaluation.message };
}

describe("values", () => {
  test("a body returns JSON data; what JSON cannot say becomes null", async () => {
    expect(await valueOf("return { a: [1, 'x', true, null] }")).toEqual({ a: [1, "x", true, null] });
    expect(await valueOf("const x = 1;")).toBeNull();
    expect(await valueOf("return undefined")).toBeNull();
    expect(await valueOf("return () => 1")).toBeNull();
    expect(await valueOf("return [NaN, Infinity, undefined]")).toEqual([null, null, null]);
    expect(await valueOf("// nothing but a comment")).toBeNull();
    expect(await valueOf("return 1 // no line break after this")).toBe(1);
  });

  test("an expression is evaluated over its inputs", async () => {
    const evaluation = await run("inputs.a > 2 && inputs.b === 'x' // both", {
      kind: "expression",
      inputs: { a: 3, b: "x" },
    });
    expect(evaluation).toMatchObject({ ok: true, valueJson: "true" });
  });

  test("await works in bodies and in expressions", async () => {
    expect(await valueOf("const x = await Promise.resolve(2); return x + (await (async () => 3)())")).toBe(5);
    expect(await run("await Promise.all([1, Promise.resolve(2)])", { kind: "expression" })).toMatchObject({
      valueJson: "[1,2]",
    });
    expect(await valueOf("return Promise.resolve({ deep: Promise.resolve(1) })")).toEqual({ deep: {} });
  });

  test("every JSON value arrives in the code and comes back unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const written = JSON.stringify(value);
        expect(JSON.stringify(await valueOf("return inputs.value", { value }))).toBe(written);
      }),
      { numRuns: 40 },
    );
  });

  test("inputs that look like code are text and stay text", async () => {
    const texts = [
      `"; throw new Error("pasted"); "`,
      "'); process.exit(1); ('",
      "`${globalThis.pasted = true}`",
      "\\u0022}) ; while(true){}",
      "</script><!-- \u2028 \u2029 \0 \ud800",
      "})(); return 'pasted'",
    ];
    for (const text of texts) {
      expect(await valueOf("return inputs.text", { text })).toBe(text);
      expect(await valueOf("return Object.keys(inputs)", { [text]: 1 })).toEqual([text]);
      expect(await valueOf("return typeof globalThis.pasted", { text })).toBe("undefined");
    }
  });

  test("a __proto__ key in the inputs is a key and pollutes nothing", async () => {
    const inputs: Record<string, unknown> = JSON.parse(
      `{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}`,
    );
    const source = "return [Object.keys(inputs), inputs.admin ?? null, ({}).admin ?? null, ({}).x ?? null]";
    expect(await valueOf(source, inputs)).toEqual([["__proto__", "constructor"], null, null, null]);
  });
});

describe("isolation", () => {
  test("globals, prototypes and intrinsics that one job changes are whole again in the next", async () => {
    await valueOf(`
      globalThis.leak = 1;
      Object.prototype.polluted = 1;
      Array.prototype.map = () => "broken";
      JSON.parse = () => "broken";
      Promise.prototype.then = () => "broken";
      globalThis.Object = null;
    `);
    const probe =
      "return [typeof leak, {}.polluted ?? null, [1].map((x) => x + 1), JSON.parse('2'), await Promise.resolve(3), typeof Object]";
    expect(await valueOf(probe)).toEqual(["undefined", null, [2], 2, 3, "function"]);
  });

  test("nothing of the host is reachable", async () => {
    const names =
      "process require module Buffer fetch XMLHttpRequest WebSocket WebAssembly setTimeout setInterval setImmediate " +
      "queueMicrotask std os Worker emit global";
    expect(
      await valueOf(`return ${JSON.stringify(names.split(" "))}.filter((name) => name in globalThis)`),
    ).toEqual([]);
    expect(await failureOf("return (await import('node:fs')).readFileSync('/etc/passwd')")).toMatchObject({
      failure: "THREW",
    });
    const escape = "return console.log.constructor('return typeof process + typeof require')()";
    expect(await valueOf(escape)).toBe("undefinedundefined");
  });
});

describe("limits", () => {
  test("endless code is interrupted, however it loops", async () => {
    const sources = [
      "while (true);",
      "for (;;) await null;",
      "const again = () => Promise.resolve().then(again); await again();",
      "try { while (true); } catch { return 'caught' } finally { while (true); }",
      "/(a+)+$/.test('a'.repeat(50) + 'b');",
      "[2, 1].sort(() => { while (true); });",
      "return { toJSON() { while (true); } };",
      "throw { toJSON() { while (true); } };",
      "throw Object.defineProperty(new Error(), 'message', { get() { while (true); } });",
      "console.log({ toString() { while (true); }, toJSON() { throw 1; } });",
    ];
    for (const source of sources) {
      expect(await failureOf(source, { limits: { timeoutMs: 50 } })).toEqual({
        failure: "TIMED_OUT",
        message: "The code ran for longer than 50 ms",
      });
    }
  });

  test("an abort stops the code at whatever moment it comes", async () => {
    for (let checksBefore = 0; checksBefore < 30; checksBefore++) {
      let checks = 0;
      const isAborted = () => checks++ >= checksBefore;
      expect(await failureOf("for (;;) await null;", { isAborted })).toMatchObject({ failure: "ABORTED" });
    }
  });

  test("memory is bounded, however it is taken", async () => {
    const sources = [
      "const kept = []; while (true) kept.push(new Array(1000).fill(1));",
      "const kept = {}; for (let i = 0; ; i++) kept['key' + i] = {};",
      "const kept = new Map(); for (let i = 0; ; i++) kept.set(i, [i]);",
      "const kept = []; while (true) kept.push(() => kept);",
      "const kept = []; while (true) kept.push(Promise.resolve().then(() => 1));",
      "const kept = []; const text = 'x'.repeat(1e6); while (true) kept.push(text + kept.length);",
      "return new ArrayBuffer(1e9);",
      "return 'x'.repeat(5e8);",
    ];
    for (const source of sources) {
      expect(await failureOf(source, { limits: { memoryBytes: 20_000_000 } })).toEqual({
        failure: "OUT_OF_MEMORY",
        message: "The code needs more memory than 20000000 bytes",
      });
    }
  });

  test("a job within its memory runs, and more memory lets more run", async () => {
    const source = "return new Uint8Array(40e6).length";
    expect(await failureOf(source)).toMatchObject({ failure: "OUT_OF_MEMORY" });
    expect(await run(source, { limits: { memoryBytes: 80_000_000 } })).toMatchObject({
      ok: true,
      valueJson: "40000000",
    });
  });

  test("inputs that do not fit the memory are refused before the code runs", async () => {
    const inputs = { text: "x".repeat(12_000_000) };
    expect(await failureOf("return 1", { inputs })).toMatchObject({ failure: "OUT_OF_MEMORY" });
  });

  test("recursion without end is an error of the code, wherever it happens", async () => {
    const sources = [
      "const f = () => f(); f();",
      "JSON.parse('['.repeat(1e5));",
      "eval('('.repeat(1e5));",
      "const a = []; a[0] = a; a.flat(Infinity);",
      "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a.toString();",
      "const o = { toString() { return '' + this; } }; return '' + o;",
      "let p = {}; for (let i = 0; i < 5e4; i++) p = new Proxy(p, {}); return p.x;",
    ];
    for (const source of sources) {
      const { failure, message } = await failureOf(source);
      expect({ source, failure }).toEqual({ source, failure: "THREW" });
      expect(message.toLowerCase()).toContain("stack overflow");
    }
  });

  test("a result over its size is refused, counted in bytes of UTF-8", async () => {
    const small = { limits: { resultBytes: 10 } };
    expect(await run("return '12345678'", small)).toMatchObject({ ok: true });
    expect(await failureOf("return '123456789'", small)).toEqual({
      failure: "RESULT_TOO_LARGE",
      message: "The result is larger than 10 bytes",
    });
    expect(await failureOf("return 'ééééé'", small)).toMatchObject({ failure: "RESULT_TOO_LARGE" });
  });
});

describe("errors", () => {
  test("an error names the line of the author's source", async () => {
    expect(await failureOf("const x = null;\n\nreturn x.field;")).toEqual({
      failure: "THREW",
      message: "TypeError: cannot read property 'field' of null (line 3)",
    });
    expect(await failureOf("throw new RangeError('too far')")).toMatchObject({
      message: "RangeError: too far (line 1)",
    });
    expect(
      await failureOf("await null;\nconst f = () => { throw new Error('later') };\nawait f();"),
    ).toMatchObject({
      message: "Error: later (line 2)",
    });
    expect(await failureOf("inputs.missing.field", { kind: "expression" })).toMatchObject({
      message: expect.stringContaining("(line 1)"),
    });
  });

  test("source that does not parse is a syntax error with its line, and none of it runs", async () => {
    expect(await failureOf("console.log('ran');\nconst = 1;")).toMatchObject({
      failure: "SYNTAX_ERROR",
      message: expect.stringContaining("(line 2)"),
    });
    for (const source of ["", "a; b", "return 1", "if (true) 1"]) {
      expect(await failureOf(source, { kind: "expression" })).toMatchObject({ failure: "SYNTAX_ERROR" });
    }
    // An error of this name that the code raises while it runs is not one of its own syntax.
    expect(await failureOf("JSON.parse('{')")).toMatchObject({ failure: "THREW" });
  });

  test("anything may be thrown, and what cannot be written as JSON says so", async () => {
    expect(await failureOf("throw 'text'")).toMatchObject({ failure: "THREW", message: "text" });
    expect(await failureOf("throw { code: 7 }")).toMatchObject({ message: `{"code":7}` });
    expect(await failureOf("throw null")).toMatchObject({ failure: "THREW", message: "null" });
    expect(await failureOf("throw undefined")).toMatchObject({ message: "undefined" });
    expect(await failureOf("return Promise.reject(new Error('no'))")).toMatchObject({
      message: "Error: no (line 1)",
    });
    expect(await failureOf("const a = {}; a.a = a; return a;")).toMatchObject({
      message: expect.stringContaining("circular"),
    });
    expect(await failureOf("return 10n")).toMatchObject({
      failure: "THREW",
      message: expect.stringContaining("BigInt"),
    });
    expect(await failureOf("await new Promise(() => {})")).toMatchObject({
      message: "The code waits for a promise that nothing will ever settle",
    });
  });

  test("a message is bounded and names no path of the host", async () => {
    const { message } = await failureOf("throw new Error('x'.repeat(1e6))");
    expect(message.length).toBeLessThan(2_100);
    const texts = [
      await failureOf("throw new Error(new Error('inner').stack)"),
      await failureOf("await import('/etc/passwd')"),
      await failureOf("const f = () => f(); f();"),
    ];
    expect(JSON.stringify(texts)).not.toMatch(/node_modules|worker|evaluate|dist|src/);
  });
});

describe("console", () => {
  test("lines are kept in order, of every level and kind, and also when the code fails", async () => {
    const source = `
      console.log("a", 1, { b: [2] }, null, undefined);
      console.warn(new TypeError("no"));
      console.error(Symbol("s"), 3n, "nul\\0char");
      const cyclic = {}; cyclic.self = cyclic; console.info(cyclic);
      console.debug(Object.create(null, { toJSON: { value() { throw 1 } } }));
      throw new Error("end");
    `;
    expect(await run(source)).toMatchObject({
      ok: false,
      logs: [
        `a 1 {"b":[2]} null undefined`,
        "TypeError: no",
        "Symbol(s) 3 nul\0char",
        "[object Object]",
        "[unprintable]",
      ],
    });
    expect(await run("console.log('before'); while (true);", { limits: { timeoutMs: 50 } })).toMatchObject({
      failure: "TIMED_OUT",
      logs: ["before"],
    });
  });

  test("logs are bounded in lines, in length of a line and in total, and say so", async () => {
    const many = await run("for (let i = 0; i < 10_000; i++) console.log(i)");
    expect(many.logs).toHaveLength(201);
    expect(many.logs.at(-1)).toBe("(the lines after this one were not kept)");
    const long = await run("for (let i = 0; i < 100; i++) console.log('x'.repeat(1e5))");
    expect(long.logs[0]).toHaveLength(2_000);
    expect(long.logs.join("").length).toBeLessThan(70_000);
  });
});
