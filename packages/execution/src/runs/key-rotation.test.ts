import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyRotation } from "./key-rotation.ts";

const keysOf = (ids: readonly string[], ownerId = "workspace") =>
  ids.map((id) => ({ id, ownerId, provider: "anthropic", sealed: "" }));

function turns(rotation: ReturnType<typeof createKeyRotation>, ids: readonly string[], calls: number) {
  return Array.from({ length: calls }, () => rotation.next(keysOf(ids))?.id);
}

describe("the rotation of keys", () => {
  test("each call takes the next key in the order of their ids, whatever order they are given in", () => {
    const rotation = createKeyRotation();
    expect(turns(rotation, ["b", "c", "a"], 4)).toEqual(["a", "b", "c", "a"]);
    expect(turns(rotation, ["c", "b", "a"], 3)).toEqual(["b", "c", "a"]);
    expect(turns(rotation, ["only"], 2)).toEqual(["only", "only"]);
    expect(rotation.next([])).toBeUndefined();
  });

  test("a key that is revoked, added, or was the last one used, breaks nobody's turn", () => {
    const rotation = createKeyRotation();
    expect(turns(rotation, ["a", "b", "d"], 2)).toEqual(["a", "b"]);
    // b, which was used last, is revoked: it is d's turn, as it was before.
    expect(turns(rotation, ["a", "d"], 1)).toEqual(["d"]);
    // c is added behind the cursor and e in front of it.
    expect(turns(rotation, ["a", "c", "d", "e"], 5)).toEqual(["e", "a", "c", "d", "e"]);
    // The one whose turn it is is revoked: the one after it takes it.
    expect(turns(rotation, ["c", "d"], 2)).toEqual(["c", "d"]);
  });

  test("every owner and provider has a turn of its own", () => {
    const rotation = createKeyRotation();
    const next = (ownerId: string, provider: string) =>
      rotation.next(keysOf(["a", "b"], ownerId).map((key) => ({ ...key, provider })))?.id;
    expect([next("one", "p"), next("two", "p"), next("one", "q")]).toEqual(["a", "a", "a"]);
    expect([next("one", "p"), next("two", "p"), next("one", "q")]).toEqual(["b", "b", "b"]);
  });

  test("of more owners than are remembered the one that called longest ago begins again, and nothing else", () => {
    const rotation = createKeyRotation({ entriesMax: 2 });
    const next = (ownerId: string) => rotation.next(keysOf(["a", "b", "c"], ownerId))?.id;
    expect([next("one"), next("two"), next("one"), next("three")]).toEqual(["a", "a", "b", "a"]);
    expect([next("two"), next("three")]).toEqual(["a", "b"]);
  });

  test("whatever is added and revoked, a key that stays is used at least once in as many calls as there are ever keys", () => {
    const id = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
    const histories = fc.array(fc.uniqueArray(id, { maxLength: 7 }), { minLength: 9, maxLength: 30 });
    fc.assert(
      fc.property(histories, (history) => {
        const rotation = createKeyRotation();
        const used = history.map((others) => rotation.next(keysOf(["stays", ...others]))?.id);
        // Nine ids exist in all.
        for (let from = 0; from + 9 <= used.length; from += 1) {
          expect(used.slice(from, from + 9)).toContain("stays");
        }
      }),
    );
  });
});
