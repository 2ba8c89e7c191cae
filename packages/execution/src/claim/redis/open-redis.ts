import { Redis } from "ioredis";

export interface RedisClient {
  readonly redis: Redis;
  close(): void;
}

const connectTimeoutMs = 2_000;
const commandTimeoutMs = 2_000;

/**
 * A client that answers or fails at once, and finds the server again by itself: nothing waits for a connection, and
 * nothing is sent a second time, for it may have been done the first time.
 *
 * `url`: `redis://` or, with TLS, `rediss://`, with user, password and database number in it. Connects in the background;
 * `onError` is told what keeps it from that.
 */
export function openRedis(url: string, onError: (error: Error) => void): RedisClient {
  const redis = new Redis(url, {
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A server that hangs is hung up on, so that commands fail at once and not each after its own time.
    socketTimeout: commandTimeoutMs + 500,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
    // A primary that has become a replica: its name may lead to the new one by now.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  });
  redis.on("error", onError);
  return { redis, close: () => redis.disconnect() };
}
