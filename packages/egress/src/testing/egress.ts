import { afterEach, beforeAll } from "vitest";
import { createEgress } from "../create-egress.ts";
import { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from "../create-guarded-fetch.ts";
import { createGuard, type Resolve } from "../guard.ts";
import type { Egress, EgressRequest, EgressResult } from "../port.ts";
import { trusting } from "../trust.ts";
import { type Answer, createCertificate, type LocalServer, startLocalServer } from "./local-server.ts";

export const never: AbortSignal = new AbortController().signal;
let certificate: { key: string; cert: string };
beforeAll(async () => {
  certificate = await createCertificate(["service.test", "other.test"]);
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Ended after the test. */
export async function serve(answer: Answer, tls = false): Promise<LocalServer> {
  const server = await startLocalServer(answer, tls ? certificate : undefined);
  closers.push(() => server.close());
  return server;
}

const loopback: Resolve = async () => [{ address: "127.0.0.1", family: 4 }];

/** Sends every name to 127.0.0.1 and allows that address, unless told otherwise. Ended after the test. */
export function egressWith(options: { resolve?: Resolve; allow?: string[]; ca?: string[] } = {}): Egress {
  const egress = createEgress({
    policy: { allow: options.allow ?? ["127.0.0.1/32"] },
    resolve: options.resolve ?? loopback,
    ca: options.ca ?? [certificate.cert],
  });
  closers.push(() => egress.close());
  return egress;
}

/** As `egressWith`, and https only. */
export function guardedFetchWith(
  options: { resolve?: Resolve; allow?: string[] } & Partial<GuardedFetchOptions> = {},
): GuardedFetch {
  const { resolve = loopback, allow = ["127.0.0.1/32"], ...others } = options;
  const guarded = createGuardedFetch({
    guard: createGuard({ policy: { allow, requireHttps: true }, resolve }),
    trust: trusting([certificate.cert]),
    firstByteTimeoutMs: 20_000,
    betweenBytesTimeoutMs: 20_000,
    responseBytesMax: 1_000_000,
    ...others,
  });
  closers.push(() => guarded.close());
  return guarded;
}

export function get(url: string, more: Partial<EgressRequest> = {}): EgressRequest {
  return { method: "GET", url, headers: {}, body: null, timeoutMs: 20_000, maxBytes: 1_000_000, ...more };
}

export function textOf(result: EgressResult): string {
  if (!result.ok) throw new Error(`${result.failure}: ${result.message}`);
  return Buffer.from(result.response.body).toString("utf8");
}
