import { openRedisClaims } from "../../testing/redis-claims.ts";
import { simulateStore } from "./simulation-suite.ts";
import { createSimulatedRedis } from "./stores/redis-store.ts";

simulateStore("Redis", async () => createSimulatedRedis(await openRedisClaims()), {
  seed: Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124),
  steps: Number(process.env["GANTRY_SIMULATION_STEPS"] ?? 2_000),
});
