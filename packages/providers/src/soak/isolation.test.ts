import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeySource } from "../port.ts";
import { startAllProviders } from "./all-providers.ts";
import { manyCalls } from "./many-calls.ts";

let fixture: Awaited<ReturnType<typeof startAllProviders>>;
beforeAll(async () => {
  fixture = await startAllProviders();
});
afterAll(() => fixture.close());

const calls = 10_000;
const tenants = ["tenant-one", "tenant-two"] as const;
/** The first goes over connections that all share, the second over a client's own. */
const sources: readonly KeySource[] = ["platform", "workspace"];

test("10,000 interleaved calls of two tenants over every provider: each answer was asked for with its own tenant's key", async () => {
  const turns = Array.from({ length: calls }, (_, index) => {
    const subject = at(fixture.subjects, Math.floor(index / 4));
    const tenant = at(tenants, index);
    return { subject, source: at(sources, Math.floor(index / 2)), key: `${tenant}-${subject.provider}` };
  });
  const said = await manyCalls(calls, 64, async (index) => {
    const { subject, source, key } = at(turns, index);
    return (await fixture.call(subject, "[[say-key]]", key, source)).text;
  });

  const expected = turns.map(({ key }) => sha256(key));
  expect(said.filter((digits, index) => digits !== expected[index]?.slice(0, 8))).toEqual([]);
  // And the server was never shown a key that is none of these.
  const shown = fixture.server.stats().requestsByKey;
  expect(new Map(shown.map(({ key, requests }) => [key, requests]))).toEqual(countsOf(expected));
}, 120_000);

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
