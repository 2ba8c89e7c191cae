import { randomBytes } from "node:crypto";
import type { Database } from "@gantry/db";
import { type KeptSecrets, KeptSecretsError, readKeptSecrets, writeKeptSecrets } from "@gantry/secrets";
import { OperatorError } from "../database/operator-error.ts";

type Sql = Database["sql"];

/** A new key and the one that it replaces, both in the data folder. */
export interface KeyExchange {
  readonly secrets: KeptSecrets;
  /** An exchange that was stopped is gone on with: stored values may be under its new key already. */
  readonly resumed: boolean;
  /** Lets go of the replaced key. Only once nothing is sealed with it any more. */
  finish(): Promise<void>;
}

/**
 * Generates the next key of an installation that keeps its own. The file with both is on the disk before anything is
 * sealed with the new one, so whatever is stopped, and when: the keys in the file open everything.
 * Throws `OperatorError`.
 */
export async function exchangeKeptKey(sql: Sql, dataDir: string): Promise<KeyExchange> {
  await alone(sql);
  return await inOneSentence(async () => {
    const kept = await readKeptSecrets(dataDir);
    if (kept === null) {
      throw new OperatorError(
        `There is no key in ${dataDir}: name the folder in GANTRY_DATA_DIR, or give the new key in ENCRYPTION_KEY and the old one in ENCRYPTION_KEYS_PREVIOUS.`,
      );
    }
    const resumed = kept.previousEncryptionKeys.length > 0;
    const secrets: KeptSecrets = resumed
      ? kept
      : {
          authSecret: kept.authSecret,
          encryptionKey: randomBytes(32),
          previousEncryptionKeys: [kept.encryptionKey],
        };
    if (!resumed) await writeKeptSecrets(dataDir, secrets);
    // One that started meanwhile may have read the file before it was written.
    await requireNoServer(sql);
    const finish = () =>
      inOneSentence(() => writeKeptSecrets(dataDir, { ...secrets, previousEncryptionKeys: [] }));
    return { secrets, resumed, finish };
  });
}

/** Any number that nothing else locks; the same in every version of Gantry. */
const lockKey = 7_261_904_119;

/** Two exchanges at once would each write a new key, and one of them over the other's. The lock ends with the connection. */
async function alone(sql: Sql): Promise<void> {
  const [row] = await sql<{ locked: boolean }[]>`SELECT pg_try_advisory_lock(${lockKey}::bigint) AS locked`;
  if (row?.locked !== true) throw new OperatorError("Keys are being rotated already.");
  await requireNoServer(sql);
}

/** A server that keeps its own key reads it when it starts: it would seal with the old one, and not open the new. */
async function requireNoServer(sql: Sql): Promise<void> {
  const servers = await sql`
    SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name IN ('gantry', 'gantry-hot') LIMIT 1`;
  if (servers.length > 0) {
    throw new OperatorError(
      "Gantry is running with the key of its data folder, which it reads when it starts: stop it, rotate, and start it again.",
    );
  }
}

async function inOneSentence<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeptSecretsError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}
