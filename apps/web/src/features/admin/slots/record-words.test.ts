import { expect, test } from "vitest";
import { recordWords } from "./record-words.ts";

test("dropped records are told, and so are those that wait", () => {
  expect(recordWords({ queued: 0, written: 12, dropped: 0 }, String)).toBe(
    "Refused runs recorded by this process since it started: 12. None was dropped.",
  );
  expect(recordWords({ queued: 3, written: 12, dropped: 4 }, String)).toBe(
    "Refused runs recorded by this process since it started: 12. 3 wait to be written. 4 were dropped, because more came than could be written.",
  );
});
