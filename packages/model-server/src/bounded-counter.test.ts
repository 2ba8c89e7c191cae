import { expect, test } from "vitest";
import { createBoundedCounter } from "./bounded-counter.ts";

test("counts stay exact for names in use, and only the longest unused is forgotten", () => {
  const counter = createBoundedCounter<string>(2);
  for (const name of ["a", "b", "a", "c"]) counter.count(name, name);
  expect(counter.counts()).toEqual([
    { what: "a", count: 2 },
    { what: "c", count: 1 },
  ]);
  counter.clear();
  expect(counter.counts()).toEqual([]);
});
