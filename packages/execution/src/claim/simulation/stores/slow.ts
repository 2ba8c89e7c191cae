import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type postgres from "postgres";
import type { Chance } from "../chance.ts";

const delayMaxMs = 4;

/** Answers of a database that is slow by chance: what is asked arrives late, and so does the answer. */
export function createSlowSql(sql: postgres.Sql, chance: Chance): postgres.Sql {
  return new Proxy(sql, {
    get(target, name): unknown {
      if (name !== "unsafe") return Reflect.get(target, name);
      return delayed((...args: Parameters<postgres.Sql["unsafe"]>) => target.unsafe(...args), chance);
    },
  });
}

/** The same for the scripts of a Redis server. */
export function createSlowRedis(redis: Redis, chance: Chance): Redis {
  return new Proxy(redis, {
    get(target, name): unknown {
      if (name !== "evalsha") return Reflect.get(target, name);
      return delayed((...args: Parameters<Redis["evalsha"]>) => target.evalsha(...args), chance);
    },
  });
}

function delayed<A extends readonly unknown[], T>(ask: (...args: A) => PromiseLike<T>, chance: Chance) {
  return async (...args: A): Promise<T> => {
    await sleep(chance.between(0, delayMaxMs));
    const answer = await ask(...args);
    await sleep(chance.between(0, delayMaxMs));
    return answer;
  };
}
