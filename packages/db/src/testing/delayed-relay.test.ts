import { expect, test } from "vitest";
import { DelayedRelay } from "./delayed-relay.ts";

test("chunks stay in order when the delay shrinks, and the end comes after all of them", async () => {
  let delayMs = 20;
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const relay = new DelayedRelay(
      () => delayMs,
      (chunk) => heard.push(chunk.toString()),
    );
    relay.push(Buffer.from("first"));
    delayMs = 5;
    relay.push(Buffer.from("second"));
    delayMs = 0;
    relay.push(Buffer.from("third"));
    relay.end(resolve);
  });
  expect(heard).toEqual(["first", "second", "third"]);
});
