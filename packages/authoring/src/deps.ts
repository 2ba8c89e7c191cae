import type { DrizzleDatabase } from "@gantry/db";
import type { Keyring } from "@gantry/secrets";

/** A pool, or a transaction that somebody else ends. */
export type AuthoringDatabase = Omit<DrizzleDatabase, "$client">;

/** What the use cases of this package reach. Each names the ones that it takes. */
export interface AuthoringDeps {
  readonly db: AuthoringDatabase;
  readonly keyring: Keyring;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Unique, and growing with time: UUIDv7. */
  readonly newId: () => string;
  readonly randomBytes: (size: number) => Buffer;
}

/** Who asks. The same shape as the one that execution reads from a credential. */
export interface Principal {
  readonly userId: string;
  /** Null for a session. */
  readonly apiKeyId: string | null;
  /** The only workspace that an API key may see; null for a session, which sees all of its user's. */
  readonly workspaceId: string | null;
}
