import { createTestDatabase } from "@gantry/db/testing";
import { simulateStore } from "./simulation-suite.ts";
import { createSimulatedPostgres } from "./stores/postgres-store.ts";

simulateStore("PostgreSQL", async () => createSimulatedPostgres(await createTestDatabase({ poolMax: 12 })), {
  seed: Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124),
  steps: Number(process.env["GANTRY_SIMULATION_STEPS"] ?? 2_000),
});
