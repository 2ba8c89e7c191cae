import { createTestDatabase } from "@gantry/db/testing";
import { claimStoreContract } from "../contract/claim-store-contract.ts";
import { createPostgresClaimStore } from "./claim-store.ts";

claimStoreContract("PostgreSQL", async () => {
  const database = await createTestDatabase();
  return {
    database,
    claims: createPostgresClaimStore(database.sql),
    elsewhere: createPostgresClaimStore(database.sql),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
