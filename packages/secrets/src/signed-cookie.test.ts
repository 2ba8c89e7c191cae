import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verifySignedCookie } from "./signed-cookie.ts";

/** Written by `signCookieValue` of better-call 1.4.5, which better-auth 1.7.25 signs its session cookie with. */
const recorded = [
  {
    value: "UgdLL6fRk8lsLKQ5GAVhTaBjRkSLHx9K",
    secret: "a secret of at least thirty-two characters",
    cookie: "UgdLL6fRk8lsLKQ5GAVhTaBjRkSLHx9K.8TsTjjUan3zsrJZ1ZoF1xr4Dk5CTgEdDIlHTauC%2Br3w%3D",
  },
  { value: "a.b.c", secret: "s", cookie: "a.b.c.7sWug92Sl7gkFNPYpDZ3GkOVdC2NUU0UFzrgYKP9RvQ%3D" },
  {
    value: "tøken ✓",
    secret: "schlüssel",
    cookie: "t%C3%B8ken%20%E2%9C%93.%2F7qDQ%2B9FZMRmw%2Bn6oyJp%2FjNigeFHDMlzAV5hRO9VC1E%3D",
  },
  { value: "q0", secret: "k4", cookie: "q0.%2BJ40%2FyePbUPzwKBAe4%2BG5lGEY5CmTMHLQFazpGeQAAE%3D" },
];

function sign(value: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(value).digest("base64");
  return encodeURIComponent(`${value}.${signature}`);
}

describe("verifySignedCookie", () => {
  test("accepts what better-call signed, as it stands in the header and decoded", () => {
    for (const { value, secret, cookie } of recorded) {
      expect(verifySignedCookie(cookie, secret)).toEqual({ ok: true, value });
      expect(verifySignedCookie(decodeURIComponent(cookie), secret)).toEqual({ ok: true, value });
    }
  });

  test("refuses a cookie of which any one character was changed", () => {
    for (const { secret, cookie } of recorded) {
      const decoded = decodeURIComponent(cookie);
      const changed = Array.from(decoded, (_, index) =>
        ["A", "B", ".", "=", "é"].map((text) => decoded.slice(0, index) + text + decoded.slice(index + 1)),
      ).flat();
      expect(changed.filter((text) => text !== decoded && verifySignedCookie(text, secret).ok)).toEqual([]);
    }
  });

  test("refuses another secret, a missing value, a missing signature and a broken encoding", () => {
    const { cookie, secret, value } = recorded[0] ?? { cookie: "", secret: "", value: "" };
    expect(verifySignedCookie(cookie, `${secret} `)).toEqual({ ok: false });
    const texts = [
      "",
      ".",
      value,
      `${value}.`,
      sign("", secret),
      cookie.slice(0, -3),
      `${cookie}%3D`,
      `${cookie}%`,
      "%E0%A4",
    ];
    expect(texts.filter((text) => verifySignedCookie(text, secret).ok)).toEqual([]);
  });

  test("accepts every token that better-auth may issue", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{32}$/), fc.string({ minLength: 1 }), (token, secret) => {
        expect(verifySignedCookie(sign(token, secret), secret)).toEqual({ ok: true, value: token });
      }),
    );
  });

  test("no arbitrary text passes", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(verifySignedCookie(text, "secret")).toEqual({ ok: false });
      }),
    );
  });
});
