import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes on the heap that are still in use, right after a full collection. */
export function liveHeapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("V8 gave no gc function");
  collect();
  return process.memoryUsage().heapUsed;
}

/** By how much a row of equally spaced values grows from one to the next, by least squares. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [covariance, variance] = values.reduce(
    ([co, square], value, index) => [co + (index - middle) * (value - mean), square + (index - middle) ** 2],
    [0, 0],
  );
  return covariance / variance;
}
