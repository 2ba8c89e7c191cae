import { describe, expect, test } from "vitest";
import { createGuard, type ResolvedAddress } from "./guard.ts";

function guardFor(allow: string[], answers: Record<string, string[]> = {}) {
  const asked: string[] = [];
  const guard = createGuard({
    policy: { allow },
    resolve: async (host) => {
      asked.push(host);
      const answer = answers[host];
      if (answer === undefined) throw new Error("ENOTFOUND");
      return answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
  });
  return { guard, asked };
}

async function verdict(
  text: string,
  allow: string[] = [],
  answers: Record<string, string[]> = {},
): Promise<string> {
  const { guard } = guardFor(allow, answers);
  const checked = guard.checkUrl(text);
  if (!checked.ok) return checked.failure;
  const resolved = await guard.resolveAndCheck(checked.url);
  return resolved.ok ? "ok" : resolved.failure;
}

describe("checkUrl", () => {
  test("only whole http and https URLs without credentials pass", async () => {
    const answers = { "example.com": ["93.184.216.34"] };
    expect(await verdict("https://example.com/a?b#c", [], answers)).toBe("ok");
    expect(await verdict("HTTP://EXAMPLE.COM:8080", [], answers)).toBe("ok");
    for (const text of [
      "",
      "example.com",
      "//example.com",
      "/path",
      "http://",
      "https://a b.com",
      "http://[::1",
    ]) {
      expect(await verdict(text)).toBe("INVALID_URL");
    }
    for (const text of [
      "file:///etc/passwd",
      "ftp://example.com",
      "gopher://x",
      "data:,x",
      "javascript:1",
      "ws://x",
    ]) {
      expect(await verdict(text)).toBe("SCHEME_NOT_ALLOWED");
    }
    for (const text of [
      "https://user@example.com",
      "https://user:pass@example.com",
      "https://:pass@example.com",
    ]) {
      expect(await verdict(text)).toBe("INVALID_URL");
    }
    expect(await verdict(`https://example.com/${"x".repeat(9_000)}`)).toBe("INVALID_URL");
  });

  test("ports of services that misread HTTP are refused, also for hosts that the operator allows", async () => {
    for (const port of [0, 22, 25, 53, 110, 143, 465, 587, 6000, 6667, 10080]) {
      expect(await verdict(`http://internal.example:${port}/`, ["internal.example"])).toBe(
        "PORT_NOT_ALLOWED",
      );
    }
  });
});

describe("resolveAndCheck", () => {
  test("private addresses are refused in every spelling that URLs know", async () => {
    const hosts = words(`
      127.0.0.1 127.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 127.0.0.1. 0 0.0.0.0
      169.254.169.254 0xa9fea9fe 10.1 192.168.1 １２７.０.０.１ ①27.0.0.1 [::1] [::] [::ffff:127.0.0.1]
      [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::]
      [fe80::1] [fd00::1] [ff02::1]
    `);
    const verdicts = await Promise.all(hosts.map(async (host) => [host, await verdict(`http://${host}/`)]));
    expect(verdicts.filter(([, failure]) => failure !== "ADDRESS_NOT_ALLOWED")).toEqual([]);
  });

  test("one private address among a name's addresses refuses the name, whichever place it has", async () => {
    for (const address of ["10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1"]) {
      const mixed = ["93.184.216.34", "2606:4700::1111"];
      expect(await verdict("https://a.example", [], { "a.example": [address, ...mixed] })).toBe(
        "ADDRESS_NOT_ALLOWED",
      );
      expect(await verdict("https://a.example", [], { "a.example": [...mixed, address] })).toBe(
        "ADDRESS_NOT_ALLOWED",
      );
    }
  });

  test("a refusal does not tell which address the name stands for", async () => {
    const { guard } = guardFor([], { "internal.example": ["10.9.8.7"] });
    const refused = await guard.resolveAndCheck(new URL("http://internal.example/"));
    expect(refused).toEqual({
      ok: false,
      failure: "ADDRESS_NOT_ALLOWED",
      message: "internal.example is not a public address",
    });
  });

  test("names without an answer, or with an empty one, fail as DNS", async () => {
    expect(await verdict("https://missing.example")).toBe("DNS_FAILED");
    expect(await verdict("https://empty.example", [], { "empty.example": [] })).toBe("DNS_FAILED");
  });

  test("IPv4 addresses come first, and literals are not asked for", async () => {
    const { guard, asked } = guardFor([], {
      "a.example": ["2606:4700::1111", "93.184.216.34", "2606:4700::1001"],
    });
    const resolved = await guard.resolveAndCheck(new URL("https://a.example./"));
    const families = (addresses: readonly ResolvedAddress[]) => addresses.map(({ family }) => family);
    expect(resolved.ok && families(resolved.addresses)).toEqual([4, 6, 6]);
    expect(await guard.resolveAndCheck(new URL("https://8.8.8.8/"))).toMatchObject({
      addresses: [{ address: "8.8.8.8" }],
    });
    expect(asked).toEqual(["a.example"]);
  });

  test("the operator allows hosts, addresses and ranges, and no more than those", async () => {
    const answers = { "internal.example": ["10.0.0.5", "fd00::5"], "sub.internal.example": ["10.0.0.5"] };
    expect(await verdict("http://internal.example", ["Internal.example"], answers)).toBe("ok");
    expect(await verdict("http://sub.internal.example", ["internal.example"], answers)).toBe(
      "ADDRESS_NOT_ALLOWED",
    );
    expect(await verdict("http://internal.example", ["10.0.0.0/24"], answers)).toBe("ADDRESS_NOT_ALLOWED");
    expect(await verdict("http://internal.example", ["10.0.0.0/24", "fd00::/8"], answers)).toBe("ok");
    expect(await verdict("http://127.0.0.1", ["127.0.0.1"])).toBe("ok");
    expect(await verdict("http://127.0.0.2", ["127.0.0.1/32"])).toBe("ADDRESS_NOT_ALLOWED");
    expect(await verdict("http://[::1]", ["::1/128"])).toBe("ok");
    expect(await verdict("http://10.0.0.1", ["127.0.0.1/32", "::/128"])).toBe("ADDRESS_NOT_ALLOWED");
  });

  test("a policy that cannot be read is no policy", () => {
    for (const entry of [
      "",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "10.0.0/x",
      "host/24",
      "http://host",
      "a b",
      "*",
    ]) {
      expect(() => createGuard({ policy: { allow: [entry] } })).toThrow("neither a host name nor");
    }
  });
});

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
