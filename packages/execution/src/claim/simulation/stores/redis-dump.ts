import type { Redis } from "ioredis";
import { createKeys, type PayerKeys } from "../../redis/keys.ts";
import { luaNow, luaText } from "../../redis/lua.ts";
import { replyOf } from "../../redis/reply.ts";
import { defineScript, runScript } from "../../redis/script.ts";
import { tickMs } from "../clock.ts";
import { type BucketState, type SlotState, tenths } from "../state.ts";

/** Without what only PostgreSQL knows. */
export interface DumpedSlot extends Omit<SlotState, "unmovedMicros" | "ended"> {
  /** Of what its run was charged, what has left the hold. */
  readonly movedMicros: number;
  /** Its row is kept beside it, for it is not in PostgreSQL yet. */
  readonly hasRow: boolean;
}

export interface RedisDump {
  readonly slots: Readonly<Record<string, DumpedSlot>>;
  readonly tokens: Readonly<Record<string, BucketState>>;
  readonly heard: Readonly<Record<string, number>>;
  readonly memberHeard: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** All that these payers have in Redis, as it is at one instant: one script reads it. */
export async function dumpRedis(
  redis: Redis,
  prefix: string,
  payerIds: readonly string[],
): Promise<RedisDump> {
  const reply = replyOf(await runScript(redis, dumpScript, [], [`${prefix}:{*`]));
  const dump = readDump(reply.text(1));
  const now = reply.number(0);
  const keys = createKeys(prefix);
  const parts = payerIds.map((payerId) => ofPayer(dump, keys.payer(payerId), payerId, now));
  return {
    slots: Object.assign({}, ...parts.map((part) => part.slots)),
    tokens: Object.assign({}, ...parts.map((part) => part.tokens)),
    heard: Object.assign({}, ...parts.map((part) => part.heard)),
    memberHeard: Object.assign({}, ...parts.map((part) => part.memberHeard)),
    faults: parts.flatMap((part) => part.faults),
  };
}

function ofPayer(
  dump: ReadonlyMap<string, Fields>,
  keys: PayerKeys,
  payerId: string,
  now: number,
): RedisDump {
  const leases = dump.get(keys.slots) ?? none;
  const held = dump.get(keys.held) ?? none;
  const slots: Record<string, DumpedSlot> = {};
  for (const [runId, expiresAt] of leases) {
    const slot = dump.get(keys.slot(runId)) ?? none;
    slots[runId] = {
      payerId,
      userId: slot.get("user") ?? "nobody",
      periodStart: slot.get("period") ?? "",
      holder: slot.get("holder") ?? null,
      epoch: slot.has("epoch") ? Number(slot.get("epoch")) : null,
      holdMicros: Number(slot.get("hold")),
      movedMicros: Number(slot.get("spent")),
      live: Number(expiresAt) > now,
      hasRow: slot.has("row"),
    };
  }
  const tokens: Record<string, BucketState> = {};
  for (const counter of ["sync", "async"] as const) {
    const bucket = dump.get(keys.bucket(counter));
    if (bucket === undefined) continue;
    const agoTicks = tenths((now - Number(bucket.get("at"))) / tickMs);
    tokens[`${payerId}/${counter}`] = { tokens: tenths(Number(bucket.get("tokens"))), agoTicks };
  }
  const heard: Record<string, number> = {};
  const memberHeard: Record<string, number> = {};
  const settledOf = keys.settled(new Date(0).toISOString()).slice(0, -1);
  for (const [key, fields] of dump) {
    if (!key.startsWith(settledOf)) continue;
    const periodStart = new Date(Number(key.slice(settledOf.length))).toISOString();
    for (const [field, micros] of fields) {
      if (field === "all") heard[`${payerId}/${periodStart}`] = Number(micros);
      else memberHeard[`${payerId}/${field.slice("u:".length)}/${periodStart}`] = Number(micros);
    }
  }

  const faults: string[] = [];
  const same = (what: string, actual: number, expected: number): void => {
    if (actual !== expected) faults.push(`${what} of ${payerId}: ${actual}, not ${expected}`);
  };
  const all = Object.values(slots);
  const slotOf = keys.slot("");
  same("expected ends", (dump.get(keys.ends) ?? none).size, all.length);
  same("slots by name", [...dump.keys()].filter((key) => key.startsWith(slotOf)).length, all.length);
  same("held", Number(held.get("all") ?? 0), sum(all));
  for (const userId of new Set(all.map((slot) => slot.userId))) {
    same(
      `held by ${userId}`,
      Number(held.get(`u:${userId}`) ?? 0),
      sum(all.filter((slot) => slot.userId === userId)),
    );
  }
  if (all.length === 0 && held.size > 0) faults.push(`${payerId} holds something without a slot`);
  return { slots, tokens, heard, memberHeard, faults };
}

function sum(slots: readonly DumpedSlot[]): number {
  return slots.reduce((total, slot) => total + slot.holdMicros, 0);
}

/** Of a hash, or the scores of a sorted set. */
type Fields = ReadonlyMap<string, string>;
const none: Fields = new Map();

function readDump(json: string): ReadonlyMap<string, Fields> {
  const parsed: Readonly<Record<string, readonly string[]>> = JSON.parse(json);
  return new Map(
    Object.entries(parsed).map(([key, flat]) => {
      const fields = new Map<string, string>();
      for (let index = 0; index < flat.length; index += 2) {
        fields.set(flat[index] ?? "", flat[index + 1] ?? "");
      }
      return [key, fields];
    }),
  );
}

const dumpScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local dump = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'zset' then dump[key] = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end
  if kind == 'hash' then dump[key] = redis.call('HGETALL', key) end
end
return { text(now), next(dump) and cjson.encode(dump) or '{}' }`);
