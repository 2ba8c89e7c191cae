import { randomBytes } from "node:crypto";
import {
  type EncryptionKeys,
  encryptionKeys,
  type KeptSecrets,
  KeptSecretsError,
  readKeptSecrets,
  writeKeptSecrets,
} from "@gantry/secrets";
import type { Env } from "../env.ts";
import { OperatorError } from "./operator-error.ts";

export interface Secrets {
  readonly authSecret: string;
  readonly encryptionKeys: EncryptionKeys;
}

/** The operator's, or for each that is missing one that is generated once and kept in the data folder. */
export async function loadSecrets(env: Env, dataDir: string): Promise<Secrets> {
  const { authSecret, encryptionKey, previousEncryptionKeys } = env;
  if (authSecret !== null && encryptionKey !== null) {
    return { authSecret, encryptionKeys: encryptionKeys(encryptionKey, previousEncryptionKeys) };
  }
  const kept = await keptSecrets(dataDir);
  return {
    authSecret: authSecret ?? kept.authSecret,
    encryptionKeys:
      encryptionKey === null
        ? encryptionKeys(kept.encryptionKey, [...kept.previousEncryptionKeys, ...previousEncryptionKeys])
        : encryptionKeys(encryptionKey, previousEncryptionKeys),
  };
}

async function keptSecrets(dataDir: string): Promise<KeptSecrets> {
  try {
    const kept = await readKeptSecrets(dataDir);
    if (kept !== null) return kept;
    const fresh: KeptSecrets = {
      authSecret: randomBytes(32).toString("base64url"),
      encryptionKey: randomBytes(32),
      previousEncryptionKeys: [],
    };
    await writeKeptSecrets(dataDir, fresh);
    return fresh;
  } catch (error) {
    if (error instanceof KeptSecretsError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}
