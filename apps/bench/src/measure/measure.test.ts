import { describe, expect, test } from "vitest";
import { inParallel } from "./in-parallel.ts";
import { interleave } from "./interleave.ts";
import { median, percentile } from "./statistics.ts";

describe("statistics", () => {
  test("a percentile is the sample below which that share lies", () => {
    const samples = Array.from({ length: 100 }, (_, i) => 100 - i);

    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(samples, share))).toEqual([50, 95, 99, 100]);
    expect(median([3, 1, 2])).toBe(2);
    expect(() => median([])).toThrow("no samples");
  });
});

describe("interleaving", () => {
  test("calls take turns, each round begins with another one, and the warm-up is not counted", async () => {
    const order: string[] = [];
    const subjects = ["a", "b", "c"].map((name) => ({ name, run: async () => void order.push(name) }));
    let given = 0;
    const samples = await interleave(subjects, {
      samples: 2,
      warmUp: 1,
      betweenEvery: 2,
      between: async () => void (given += 1),
    });

    expect(order.join("")).toBe("abcbcacab");
    expect([...samples.values()].map(({ length }) => length)).toEqual([2, 2, 2]);
    expect(given).toBe(2);
  });
});

describe("callers in parallel", () => {
  test("as many calls are in flight as there are callers, and each round makes its calls", async () => {
    let inFlight = 0;
    let most = 0;
    const run = async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
    };
    const figures = await inParallel([{ name: "a", run }], {
      callers: 4,
      rounds: 2,
      callsPerRound: 10,
      between: async () => {},
    });

    expect(most).toBe(4);
    expect(figures.get("a")?.samples.length).toBe(20);
  });
});
