import { simulateStore } from "./simulation-suite.ts";
import { openSimulatedRedis } from "./stores/redis-store.ts";

simulateStore("Redis", openSimulatedRedis, {
  seed: Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124),
  steps: Number(process.env["GANTRY_SIMULATION_STEPS"] ?? 2_000),
});
