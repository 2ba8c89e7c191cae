import { describe, expect, test } from "vitest";
import { EventTooLong } from "../event-too-long.ts";
import { serverSentEvents } from "./server-sent-events.ts";

const encoder = new TextEncoder();

async function* body(...pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === "string" ? encoder.encode(piece) : piece;
}

async function dataOf(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const read: string[] = [];
  for await (const { data } of serverSentEvents(pieces)) read.push(data);
  return read;
}

describe("the events of a body", () => {
  test("come whole, wherever the body is split, in the middle of a letter too", async () => {
    const bytes = encoder.encode(
      "data: Grüße 🐘\n\n: a comment\n\nevent: x\r\ndata: two\r\ndata: lines\r\n\r\n",
    );
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    for (const pieces of [[bytes], single]) {
      expect(await dataOf(body(...pieces))).toEqual(["Grüße 🐘", "two\nlines"]);
    }
  });

  test("come before the body goes on", async () => {
    let asked = 0;
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (const piece of ["data: 1\n\n", "data: 2\n\n"]) {
        asked += 1;
        yield encoder.encode(piece);
      }
    }
    for await (const { data } of serverSentEvents(slow())) {
      expect(asked).toBe(Number(data));
    }
  });

  test("one that is not closed by an empty line is never handed out", async () => {
    expect(await dataOf(body("data: 1\n\n", 'data: {"half":', " true}"))).toEqual(["1"]);
  });

  test("one without end is given up after four million characters", async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += 65_536;
        yield encoder.encode(sent === 65_536 ? `data: ${"x".repeat(65_530)}` : "x".repeat(65_536));
      }
    }
    await expect(dataOf(endless())).rejects.toBeInstanceOf(EventTooLong);
    expect(sent).toBeLessThan(4_200_000);
  });
});
