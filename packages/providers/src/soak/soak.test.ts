import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { KeySource } from "../port.ts";
import { startAllProviders } from "./all-providers.ts";
import { liveHeapBytes, slope } from "./heap.ts";
import { manyCalls } from "./many-calls.ts";

const batches = 10;
const callsOfBatch = 1_000;
const tenants = 72;
/** Far fewer than there are keys, so that clients leave all the time, some of them under calls. */
const entriesMax = 24;
/** Calls of a tenant until its key changes: 5,000 keys in all. */
const callsOfKey = 2;
/**
 * Per batch, of 500 keys. An entry that is not let go of holds 1.3 kB, one with its client 8 to 19; V8 itself still grows
 * by 150 to 230 kB, and stops after about 15,000 calls.
 */
const heapGrowthMax = 400_000;

test("10,000 calls with rotated keys and evicted clients: every answer comes, and heap and sockets stay flat", async () => {
  const socketsBefore = sockets();
  const fixture = await startAllProviders({ clients: { entriesMax }, keepAliveMs: 1_000 });
  const { providers, server, subjects } = fixture;
  let drainingSeen = 0;

  const call = async (index: number) => {
    const tenant = index % tenants;
    const key = `tenant-${tenant}-key-${Math.floor(index / tenants / callsOfKey)}`;
    const subject = subjects[tenant % subjects.length];
    if (subject === undefined) throw new Error("no provider");
    // Some named their endpoint themselves, and have connections of their own.
    const source: KeySource = tenant % 17 === 0 ? "workspace" : "platform";
    const { text } = await fixture.call(subject, "[[say-key]]", key, source);
    if (index % 100 === 0 && providers.inspect().keys.some(({ draining }) => draining)) drainingSeen += 1;
    return text === saidOf(key);
  };
  /** Connections that something on this side still has a reason to hold. */
  const held = () => {
    const { keys, connections } = providers.inspect();
    return sum(keys.map((key) => key.connections ?? 0)) + sum(connections.map(({ open }) => open));
  };
  const open = () => server.stats().connectionsOpen;

  const heap: number[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const right = await manyCalls(callsOfBatch, 32, (index) => call(batch * callsOfBatch + index));
    expect(right.filter((is) => !is).length).toBe(0);
    expect(providers.inspect().keys.filter((key) => key.draining || key.callsInFlight > 0)).toEqual([]);
    await expect.poll(() => open() - held(), { timeout: 5_000 }).toBe(0);
    server.reset();
    heap.push(liveHeapBytes());
  }
  expect(drainingSeen).toBeGreaterThan(0);
  expect(slope(heap.slice(batches / 2))).toBeLessThan(heapGrowthMax);

  // Those of users end with their clients, the platform's by themselves when nobody calls.
  providers.close();
  expect(providers.inspect().keys).toEqual([]);
  await expect.poll(open, { timeout: 10_000 }).toBe(0);
  expect(held()).toBe(0);
  await fixture.close();
  await expect.poll(sockets, { timeout: 5_000 }).toBeLessThanOrEqual(socketsBefore);
}, 180_000);

function sockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** How the model server tells which key a call came with. */
function saidOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
