import { startTcpProxy, type TcpProxy } from "@gantry/db/testing";
import { OperatorError } from "../../database/operator-error.ts";
import type { Closing } from "./closing.ts";

export interface Proxies {
  readonly database: TcpProxy;
  /** Null: claims are kept in the database. */
  readonly redis: TcpProxy | null;
}

/** The stores, as they are reached through a proxy each. */
export interface ProxiedStores {
  readonly proxies: Proxies;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
}

/** Throws `OperatorError` for a store that nothing can stand before. */
export async function openProxies(
  databaseUrl: string,
  redisUrl: string | null,
  closing: Closing,
): Promise<ProxiedStores> {
  const database = await openProxy(databaseUrl, 5_432, closing);
  if (redisUrl === null) {
    return { proxies: { database: database.proxy, redis: null }, databaseUrl: database.url, redisUrl };
  }
  if (!URL.canParse(redisUrl) || new URL(redisUrl).protocol !== "redis:") {
    throw new OperatorError(
      "To cut it off, a proxy is put before Redis, which TLS does not allow: REDIS_URL must start with redis://. Leave it out to keep claims in PostgreSQL.",
    );
  }
  const redis = await openProxy(redisUrl, 6_379, closing);
  return {
    proxies: { database: database.proxy, redis: redis.proxy },
    databaseUrl: database.url,
    redisUrl: redis.url,
  };
}

async function openProxy(
  storeUrl: string,
  defaultPort: number,
  closing: Closing,
): Promise<{ readonly url: string; readonly proxy: TcpProxy }> {
  const url = new URL(storeUrl);
  // Without the brackets of an IPv6 address.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const proxy = await startTcpProxy({ target: { host, port: Number(url.port || defaultPort) } });
  closing.add(() => proxy.close());
  url.hostname = "127.0.0.1";
  url.port = String(proxy.port);
  return { url: url.href, proxy };
}
