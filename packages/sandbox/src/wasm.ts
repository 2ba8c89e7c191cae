import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The part of the WebAssembly API that is used here; the ES2023 types hold none of it. */
declare const WebAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
  readonly Memory: new (pages: { initial: number; maximum: number }) => WasmMemory;
};
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}
interface WasmMemory {
  grow(pages: number): number;
}

const PAGE_BYTES = 65_536;
/** What the interpreter is linked to start with: 16 MiB, of which it needs about 1.5 for itself. */
const PAGES_MIN = 256;
/** What it is linked to accept: 2 GiB. */
const PAGES_MAX = 32_768;

export interface BoundedMemory {
  readonly memory: WasmMemory;
  readonly bytesMax: number;
  /** Whether the code asked for more than it may have, and has asked for nothing less since. */
  isExhausted(): boolean;
}

/**
 * A memory that cannot grow past the limit, which is what bounds a job: QuickJS's own memory limit counts 8 bytes per
 * allocation under WebAssembly, whatever its size (measured: 740 MB taken under a limit of 8 MB).
 */
export function createBoundedMemory(limitBytes: number): BoundedMemory {
  const maximum = Math.min(PAGES_MAX, Math.max(PAGES_MIN, Math.ceil(limitBytes / PAGE_BYTES)));
  const memory = new WebAssembly.Memory({ initial: PAGES_MIN, maximum });
  const grow = memory.grow.bind(memory);
  let exhausted = false;
  memory.grow = (pages) => {
    exhausted = true;
    const before = grow(pages);
    exhausted = false;
    return before;
  };
  return { memory, bytesMax: maximum * PAGE_BYTES, isExhausted: () => exhausted };
}

/** Compiles the interpreter, which takes about 5 ms; an instance of the compiled module takes 1. */
export async function compileQuickJs(): Promise<WasmModule> {
  const require = createRequire(import.meta.url);
  return WebAssembly.compile(await readFile(require.resolve("@jitl/quickjs-wasmfile-release-sync/wasm")));
}
