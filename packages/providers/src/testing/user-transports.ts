import { createGuard, trusting } from "@gantry/egress";
import type { ConnectionPoolOptions } from "../connection-pool.ts";
import { guardedTransport } from "../endpoints/guarded-transport.ts";
import type { OwnedTransport } from "../transport.ts";

/** Opens connections to addresses that users named, where this machine is an allowed one. */
export function userTransports(ca: string, limits: ConnectionPoolOptions): () => OwnedTransport {
  const guard = createGuard({ policy: { allow: ["127.0.0.1/32"] } });
  const trust = trusting([ca]);
  return () =>
    guardedTransport({
      guard,
      trust,
      firstByteTimeoutMs: limits.firstByteTimeoutMs ?? 60_000,
      betweenBytesTimeoutMs: limits.betweenBytesTimeoutMs ?? 30_000,
      responseBytesMax: limits.responseBytesMax ?? 64_000_000,
    });
}
