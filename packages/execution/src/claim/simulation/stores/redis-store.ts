import { createTestDatabase } from "@gantry/db/testing";
import { Redis } from "ioredis";
import { startRedisServer } from "../../../testing/redis-server.ts";
import { createRedisClaimStore } from "../../redis/claim-store.ts";
import { createKeys } from "../../redis/keys.ts";
import { luaNow, luaText } from "../../redis/lua.ts";
import { defineScript, runScript } from "../../redis/script.ts";
import { tickMs } from "../clock.ts";
import type { SlotState, State } from "../state.ts";
import { createDyingSql } from "./dying-sql.ts";
import { createSimulatedPostgres } from "./postgres-store.ts";
import { readRecords } from "./read-records.ts";
import { dumpRedis } from "./redis-dump.ts";
import type { SimulatedStore } from "./simulated-store.ts";
import { createSlowRedis, createSlowSql } from "./slow.ts";

const prefix = "gantry";
const asksMax = 100_000;

export async function openSimulatedRedis(): Promise<SimulatedStore> {
  const database = await createTestDatabase({ poolMax: 12 });
  const server = await startRedisServer();
  // Without the time limits of a service: a machine that stalls must not decide what a simulation finds.
  const clients = [new Redis(server.url), new Redis(server.url)] as const;
  const [redis] = clients;
  const { sql } = database;
  const records = createSimulatedPostgres(database);
  const keys = createKeys(prefix);
  return {
    database,
    hasTwoParts: true,
    processes: clients.map((client) => createRedisClaimStore({ redis: client, sql, prefix })),
    slow: (chance) =>
      createRedisClaimStore({
        redis: createSlowRedis(redis, chance),
        sql: createSlowSql(sql, chance),
        prefix,
      }),
    dying: (death) => createRedisClaimStore({ redis, sql: createDyingSql(sql, death), prefix }),
    async atRest({ payerId, runId }) {
      // The row is taken away when it is in PostgreSQL.
      const slot = keys.payer(payerId).slot(runId);
      for (let asks = 0; (await redis.hexists(slot, "row")) === 1; asks += 1) {
        if (asks > asksMax) throw new Error(`${runId} is not recorded.`);
      }
    },
    async readState(payerIds): Promise<State> {
      const { slots: dumped, ...dump } = await dumpRedis(redis, prefix, payerIds);
      const { charged, endedOf, tokens, ...written } = await readRecords(sql, Object.keys(dumped));
      const ended = new Set(endedOf);
      const slots: Record<string, SlotState> = {};
      for (const [runId, { movedMicros, hasRow: _, ...slot }] of Object.entries(dumped)) {
        slots[runId] = {
          ...slot,
          unmovedMicros: (charged[runId] ?? 0) - movedMicros,
          ended: ended.has(runId),
        };
      }
      const strays = Object.keys(tokens).map((bucket) => `${bucket} is in PostgreSQL`);
      return { ...written, ...dump, slots, faults: [...dump.faults, ...strays] };
    },
    async passTicks(ticks) {
      await records.passTicks(ticks);
      await runScript(redis, passScript, [keys.payers], [prefix, ticks * tickMs]);
    },
    async expire(request) {
      const own = keys.payer(request.payerId);
      await runScript(redis, expireScript, [own.slots, keys.payers], [request.runId, request.payerId]);
      await records.expire(request);
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect();
      await server[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

// What is being reaped has no time any more: 0.
const passScript = defineScript(/* lua */ `
local prefix, ms = ARGV[1] .. ':{*}:', tonumber(ARGV[2])
local function passSet(key)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, '(0', '+inf')) do
    redis.call('ZINCRBY', key, -ms, member)
  end
end
passSet(KEYS[1])
for _, name in ipairs({ 'slots', 'ends' }) do
  for _, key in ipairs(redis.call('KEYS', prefix .. name)) do passSet(key) end
end
for _, name in ipairs({ 'slot:*', 'bucket:*' }) do
  for _, key in ipairs(redis.call('KEYS', prefix .. name)) do redis.call('HINCRBYFLOAT', key, 'at', -ms) end
end`);

const expireScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local runId, payer = unpack(ARGV)
if redis.call('ZADD', KEYS[1], 'XX', 'CH', text(now - 1000), runId) == 1 then
  redis.call('ZADD', KEYS[2], text(now), payer)
end`);
