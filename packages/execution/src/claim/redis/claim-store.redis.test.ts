import { openRedisClaims } from "../../testing/redis-claims.ts";
import { claimStoreContract } from "../contract/claim-store-contract.ts";

// As a cluster, which refuses every script that would touch the keys of two payers.
claimStoreContract("Redis", () => openRedisClaims({ cluster: true }));
