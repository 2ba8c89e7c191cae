import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultBilling } from "@gantry/billing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadBilling } from "./billing-config.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-billing-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileWith(text: string): Promise<string> {
  const file = join(folder, "billing.json");
  await writeFile(file, text);
  return file;
}

test("without a file the default plans hold", async () => {
  expect(await loadBilling(true, null)).toEqual(defaultBilling);
  expect(await loadBilling(false, null)).toEqual({ ...defaultBilling, enabled: false });
});

test("a file changes the numbers that it names, and no other", async () => {
  const file = await fileWith('{"baseChargeMicros": 1, "plans": {"free": {"concurrentRunsMax": 3}}}');
  expect(await loadBilling(true, file)).toEqual({
    ...defaultBilling,
    baseChargeMicros: 1,
    plans: { ...defaultBilling.plans, free: { ...defaultBilling.plans.free, concurrentRunsMax: 3 } },
  });
});

test("everything that is wrong with a file is named", async () => {
  const file = await fileWith('{"base": 1, "plans": {"free": {"concurrentRunsMax": 0}, "gold": {}}}');
  const failure: unknown = await loadBilling(true, file).catch((error: unknown) => error);
  expect(String(failure)).toMatch(/plans\.free\.concurrentRunsMax.*/);
  expect(String(failure)).toContain("base");
  expect(String(failure)).toContain("gold");
  await expect(loadBilling(true, join(folder, "missing.json"))).rejects.toThrow("cannot be read as JSON");
});
