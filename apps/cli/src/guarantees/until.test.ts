import { expect, test } from "vitest";
import { NotObserved, until } from "./until.ts";

test("the first answer that is not null is the answer", async () => {
  let asked = 0;
  expect(await until("the third", () => (++asked === 3 ? asked : null), { everyMs: 0 })).toBe(3);
});

test("what does not come in time is told by its name", async () => {
  const never = until("pigs fly", () => null, { timeoutMs: 5, everyMs: 0 });
  await expect(never).rejects.toThrow(new NotObserved("Within 0.005 s this did not happen: pigs fly."));
});
