import { createHash, randomBytes } from "node:crypto";
import { type EncryptionKey, parseEncryptionKey } from "@gantry/secrets";
import { z } from "zod";
import type { Env } from "../env.ts";
import { readJsonFile, writeJsonFile } from "./data-folder.ts";
import { OperatorError } from "./operator-error.ts";

export interface Secrets {
  readonly authSecret: string;
  readonly encryptionKey: EncryptionKey;
}

/** The operator's, or for each that is missing one that is generated once and kept in the data folder. */
export async function loadSecrets(env: Env, dataDir: string): Promise<Secrets> {
  const { authSecret, encryptionKey } = env;
  if (authSecret !== null && encryptionKey !== null) {
    return { authSecret, encryptionKey: named(encryptionKey) };
  }
  const kept = await keptSecrets(dataDir);
  return {
    authSecret: authSecret ?? kept.authSecret,
    encryptionKey: named(encryptionKey ?? decoded(kept.encryptionKey)),
  };
}

const fileName = "secrets.json";
const fileShape = z.object({ authSecret: z.string().min(32), encryptionKey: z.string() });

async function keptSecrets(dataDir: string): Promise<z.infer<typeof fileShape>> {
  const stored = await readJsonFile(dataDir, fileName);
  if (stored === null) {
    const fresh = {
      authSecret: randomBytes(32).toString("base64url"),
      encryptionKey: randomBytes(32).toString("hex"),
    };
    await writeJsonFile(dataDir, fileName, fresh);
    return fresh;
  }
  const parsed = fileShape.safeParse(stored);
  if (!parsed.success) throw damaged();
  return parsed.data;
}

function decoded(text: string): Buffer {
  const parsed = parseEncryptionKey(text);
  if (!parsed.ok) throw damaged();
  return parsed.key;
}

function damaged(): OperatorError {
  return new OperatorError(
    `${fileName} in the data folder is damaged: restore it, or delete it and enter every stored secret again.`,
  );
}

/** Envelopes name the key that sealed them, so another key needs another name. */
function named(key: Buffer): EncryptionKey {
  return { id: createHash("sha256").update(key).digest("hex").slice(0, 8), key };
}
