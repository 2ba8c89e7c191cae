import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPriceTable } from "@gantry/providers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadPrices } from "./model-prices.ts";
import { OperatorError } from "./operator-error.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-prices-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileWith(text: string): Promise<string> {
  const file = join(folder, "prices.json");
  await writeFile(file, text);
  return file;
}

const rates = { input: 100_000, output: 200_000, cacheRead: 0, cacheWrite: 100_000 };
const known = "claude-opus-4-5";

test("a file prices models that have no price and changes those that it names, and no other", async () => {
  const prices = await loadPrices(await fileWith(JSON.stringify({ vllm: { "our-model": rates } })));
  expect(prices.priceOf("vllm", "our-model")).toEqual(rates);
  expect(prices.priceOf("vllm", "another")).toBe("unpriced");
  expect(prices.priceOf("anthropic", known)).toEqual(createPriceTable().priceOf("anthropic", known));
  const dearer = await loadPrices(await fileWith(JSON.stringify({ anthropic: { [known]: rates } })));
  expect(dearer.priceOf("anthropic", known)).toEqual(rates);
});

test("without a file the list prices hold", async () => {
  const prices = await loadPrices(null);
  expect(prices.priceOf("anthropic", known)).not.toBe("unpriced");
  expect(prices.priceOf("vllm", "our-model")).toBe("unpriced");
});

test("everything that is wrong with a file is told in a sentence, by its place", async () => {
  const wrong = { vllm: { "our-model": { ...rates, input: -1, output: 0.5 } }, unknown: {} };
  const failure: unknown = await loadPrices(await fileWith(JSON.stringify(wrong))).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(OperatorError);
  for (const place of ["MODEL_PRICES", "vllm.our-model.input", "vllm.our-model.output", "unknown"]) {
    expect(String(failure)).toContain(place);
  }
  for (const text of ["[]", "null", '"free"']) {
    await expect(loadPrices(await fileWith(text))).rejects.toThrow(OperatorError);
  }
  await expect(loadPrices(await fileWith("{"))).rejects.toThrow("cannot be read as JSON");
  await expect(loadPrices(join(folder, "missing.json"))).rejects.toThrow("cannot be read as JSON");
});
