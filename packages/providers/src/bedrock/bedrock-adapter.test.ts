import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Contract, startContract } from "../contract/contract-fixture.ts";
import { subjects } from "../contract/subjects.ts";
import type { CredentialOf } from "../port.ts";
import { failureOf, never, request } from "../testing/providers-fixture.ts";
import { bedrockAdapter } from "./bedrock-adapter.ts";

let contract: Contract;
beforeAll(async () => {
  contract = await startContract(subjects.bedrock);
});
afterAll(() => contract.close());
beforeEach(() => contract.reset());

const { model } = subjects.bedrock;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function credential(more: Partial<CredentialOf<"bedrock">> = {}): CredentialOf<"bedrock"> {
  return {
    provider: "bedrock",
    source: "platform",
    region: "eu-central-1",
    identity: { kind: "keys", accessKeyId: "own-key", secretAccessKey: "own-secret" },
    baseUrl: contract.server.url,
    ...more,
  };
}

function ask(prompt: string, as = credential(), asked: string = model) {
  return contract.provider.generate(as, request(prompt, { model: asked }), never());
}

describe("an exception of the service", () => {
  test.each([
    ["[[error 400 type=ServiceQuotaExceededException]]", "RATE_LIMITED"],
    ["[[error 408]]", "TIMED_OUT"],
    ["[[error 424]]", "SERVER_ERROR"],
    ["[[error 429 type=ModelNotReadyException]]", "OVERLOADED"],
    ["[[error 403 type=ExpiredTokenException]]", "AUTHENTICATION_FAILED"],
    ["[[error 529]]", "OVERLOADED"],
    ["[[error 502 type=NeverHeardOf]]", "SERVER_ERROR"],
    ["[[error 418 type=NeverHeardOf]]", "INVALID_REQUEST"],
  ])("%s is %s, told in its own words, after one request", async (prompt, code) => {
    const failure = await failureOf(ask(prompt));
    expect(failure).toMatchObject({ code, phase: "awaiting_response" });
    expect(failure.message).toContain("It says: ");
    expect(contract.server.stats().requests).toBe(1);
  });

  test.each([
    ["internalServerException", "SERVER_ERROR"],
    ["modelStreamErrorException", "SERVER_ERROR"],
    ["throttlingException", "RATE_LIMITED"],
    ["serviceUnavailableException", "OVERLOADED"],
    ["validationException", "INVALID_REQUEST"],
  ])("%s within a stream is %s", async (type, code) => {
    const failure = await failureOf(ask(`[[error-event ${type}]] [[tokens 80]]`));
    expect(failure).toMatchObject({ code, phase: "streaming" });
  });

  test("a model id of no vendor is an unknown model, though the service calls it an invalid one", async () => {
    const failure = await failureOf(ask("hi", credential({ source: "workspace" }), "claude"));
    expect(failure.code).toBe("MODEL_NOT_FOUND");
  });
});

describe("an answer that is not Bedrock's", () => {
  test.each([
    [502, "<html>bad gateway</html>", "SERVER_ERROR"],
    [503, "", "OVERLOADED"],
    [413, "<html>too large</html>", "INVALID_REQUEST"],
    [200, "<html>welcome to the network</html>", "SERVER_ERROR"],
  ])("with status %i and the body '%s' is %s, without words of the SDK", async (status, body, code) => {
    const answer = () =>
      new Response(body, { status, headers: { "content-type": "text/html", "retry-after": "3" } });
    const client = bedrockAdapter.createClient(credential(), { fetch: () => Promise.resolve(answer()) });
    const events = client.stream(request("hi", { model }), never());
    const error: unknown = await events[Symbol.asyncIterator]()
      .next()
      .catch((thrown: unknown) => thrown);
    expect(bedrockAdapter.readFailure(error, Date.now)).toMatchObject({ code, said: null });
  });
});

describe("the region", () => {
  test.each(["us-east-1.evil.example/", "evil.example#", "us-east-1@evil", ""])(
    "%j sends nothing",
    async (region) => {
      const failure = await failureOf(ask("hi", credential({ region })));
      expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
      expect(contract.server.stats().requests).toBe(0);
    },
  );
});

describe("connections", () => {
  test("20 calls in sequence by 5 tenants open one, and 4 at a time open no more than 4", async () => {
    const own = await startContract(subjects.bedrock);
    const call = (index: number, prompt: string) =>
      own.provider.generate(own.credential(`tenant-${index % 5}`), own.request(prompt, {}), never());
    for (let index = 0; index < 20; index += 1) await call(index, "hi");
    expect(own.server.stats()).toMatchObject({ requests: 20, connections: 1, tlsHandshakes: 1 });
    expect(new Set(own.server.stats().requestKeys).size).toBe(5);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([0, 1, 2, 3].map((index) => call(index, "[[latency 20]]")));
    }
    expect(own.server.stats().requests).toBe(40);
    expect(own.server.stats().connections).toBeLessThanOrEqual(4);
    expect(own.providers.inspect().connections).toMatchObject([{ origin: own.server.url, callsInFlight: 0 }]);
    await own.close();
  });

  test("every part of the credential is a part of the client: another session token is another key", async () => {
    const before = contract.providers.inspect().keys.length;
    const keys = { kind: "keys", accessKeyId: "same", secretAccessKey: "same" } as const;
    for (const identity of [keys, { ...keys, sessionToken: "one" }, { ...keys, sessionToken: "two" }]) {
      await ask("hi", credential({ identity }));
    }
    await ask("hi", credential({ identity: keys, region: "us-east-1" }));
    expect(contract.providers.inspect().keys.length).toBe(before + 4);
  });
});

describe("the environment", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gantry-bedrock-"));
    const settings = ["max_attempts", "retry_mode", "use_fips_endpoint", "use_dualstack_endpoint"];
    // Each would make the SDK throw, or go elsewhere, if it looked.
    const lines = [
      "[default]",
      ...settings.map((name) => `${name} = none`),
      "endpoint_url = http://127.0.0.1:9",
    ];
    await writeFile(join(folder, "config"), lines.join("\n"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
    vi.stubEnv("AWS_ACCESS_KEY_ID", "key-of-the-process");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret-of-the-process");
  });
  afterEach(() => vi.unstubAllEnvs());

  test("and the files of AWS's command line say nothing about where a call goes and how", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    vi.stubEnv("AWS_REGION", "us-west-2");
    const asked: string[] = [];
    const { baseUrl: _none, ...withoutAddress } = credential();
    const client = bedrockAdapter.createClient(withoutAddress, {
      fetch(input) {
        asked.push(typeof input === "string" ? input : "not a text");
        return Promise.reject(new TypeError("fetch failed"));
      },
    });
    const events = client.stream(request("hi", { model: "eu.anthropic.claude-x" }), never());
    await expect(events[Symbol.asyncIterator]().next()).rejects.toThrow("fetch failed");
    expect(asked).toEqual([
      "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-x/converse-stream",
    ]);
  });

  test("says who the default chain is, and to it only", async () => {
    await ask("hi", credential({ identity: { kind: "default_chain" } }));
    await ask("hi");
    expect(contract.server.stats().requestKeys).toEqual(["key-of-the-process", "own-key"].map(sha256));
  });

  test("a chain that finds nobody is a key that is refused, and sends nothing", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
      vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "none"));
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    const nobody = credential({ region: "eu-west-1", identity: { kind: "default_chain" } });
    expect((await failureOf(ask("hi", nobody))).code).toBe("AUTHENTICATION_FAILED");
    expect(contract.server.stats().requests).toBe(0);
  });
});
