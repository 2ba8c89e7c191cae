import { expect, test } from "vitest";
import { scrub } from "./scrub.ts";

test("a provider's words keep no key: neither those that were sent nor one that looks like one", () => {
  const said = scrub(
    "bad key my.key+1 and my.key+1, token t-2, sk-ant-api03-AbCdEfGh_12, gsk_abcdefgh1234, Bearer abcdefghijkl",
    ["my.key+1", "t-2", ""],
  );
  expect(said).toBe("bad key [key] and [key], token [key], [key], [key], [key]");
});

test("long words are cut", () => {
  expect(scrub("x".repeat(1_000), ["key"]).length).toBeLessThan(310);
});
