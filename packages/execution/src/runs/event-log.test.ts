import { expect, test } from "vitest";
import { createEventLog } from "./event-log.ts";
import type { RunEvent } from "./stream-event.ts";

const chunk = (seq: number, text = "x"): RunEvent => ({ type: "text.chunk", seq, at: 0, blockId: "a", text });

async function seqsOf(events: AsyncIterable<RunEvent>): Promise<number[]> {
  const seqs: number[] = [];
  for await (const event of events) seqs.push(event.seq);
  return seqs;
}

test("every watcher sees every event in order, whenever it came", async () => {
  const log = createEventLog();
  const early = seqsOf(log.read(0));
  log.append(chunk(0));
  log.append(chunk(1));
  const late = seqsOf(log.read(0));
  await Promise.resolve();
  log.append(chunk(2));
  log.close();
  const after = seqsOf(log.read(0));
  expect(await Promise.all([early, late, after])).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

test("a watcher that comes back goes on where it was", async () => {
  const log = createEventLog();
  for (let seq = 0; seq < 10; seq += 1) log.append(chunk(seq));
  log.close();
  expect(await seqsOf(log.read(7))).toEqual([7, 8, 9]);
  expect(await seqsOf(log.read(10))).toEqual([]);
});

test("a long run keeps the last events only, by number and by text", async () => {
  const log = createEventLog();
  for (let seq = 0; seq < 20_000; seq += 1) log.append(chunk(seq));
  const big = createEventLog();
  for (let seq = 0; seq < 40; seq += 1) big.append(chunk(seq, "y".repeat(1_000_000)));
  log.close();
  big.close();
  const kept = await seqsOf(log.read(0));
  expect(kept.length).toBeLessThanOrEqual(5_000);
  expect(kept.at(-1)).toBe(19_999);
  const keptBig = await seqsOf(big.read(0));
  expect(keptBig.length).toBeLessThanOrEqual(8);
  expect(keptBig.at(-1)).toBe(39);
});

test("a watcher that leaves early is not waited for, and one that is slow misses no end", async () => {
  const log = createEventLog();
  log.append(chunk(0));
  for await (const event of log.read(0)) {
    expect(event.seq).toBe(0);
    break;
  }
  const slow = log.read(0);
  expect((await slow.next()).value).toMatchObject({ seq: 0 });
  for (let seq = 1; seq < 12_000; seq += 1) log.append(chunk(seq));
  log.close();
  const rest = await seqsOf(slow);
  expect(rest[0]).toBeGreaterThan(1);
  expect(rest.at(-1)).toBe(11_999);
});
