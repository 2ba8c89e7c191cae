import { startRedisServer } from "@gantry/execution/testing";
import { describe, expect, test } from "vitest";
import { openClaimRedis } from "./open-redis.ts";

const nobody = () => {};

describe("the operator's Redis", () => {
  test("one that is fit for claims is connected when it is handed out", async () => {
    await using server = await startRedisServer();
    const { redis, close } = await openClaimRedis(server.url, nobody);
    expect(await redis.ping()).toBe("PONG");
    close();
  });

  test("one that cannot be reached is told in one sentence, without its password", async () => {
    const opened = openClaimRedis("redis://gantry:hunter2@127.0.0.1:1", nobody);
    await expect(opened).rejects.toThrow(/^The Redis server 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/);
    await expect(opened).rejects.not.toThrow(/hunter2|\n/);
  });

  test("one that would drop keys when it is full, or cannot be written to, is refused at start", async () => {
    await using evicting = await startRedisServer({ settings: ["--maxmemory-policy", "allkeys-lru"] });
    await expect(openClaimRedis(evicting.url, nobody)).rejects.toThrow(/maxmemory-policy is allkeys-lru/);
    await using replica = await startRedisServer({ settings: ["--replicaof", "127.0.0.1 1"] });
    await expect(openClaimRedis(replica.url, nobody)).rejects.toThrow(/is a replica/);
  });

  test("one that asks for a password and is given a wrong one is told in one sentence", async () => {
    await using server = await startRedisServer({ settings: ["--requirepass", "right"] });
    const { port } = server;
    const opened = openClaimRedis(`redis://:hunter2@127.0.0.1:${port}`, nobody);
    await expect(opened).rejects.toThrow(/WRONGPASS/);
    await expect(opened).rejects.not.toThrow(/hunter2|\n/);
  });

  test("its later outages are told, and not its start", async () => {
    await using server = await startRedisServer();
    const told: Error[] = [];
    const { close } = await openClaimRedis(server.url, (error) => told.push(error));
    expect(told).toEqual([]);
    await server.kill();
    await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(0);
    close();
  });
});
