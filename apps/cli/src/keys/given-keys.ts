import { parseEncryptionKey, parseEncryptionKeys } from "@gantry/secrets";
import { OperatorError } from "../database/operator-error.ts";

export interface GivenKeys {
  /** Null: the installation keeps its own key in the data folder. */
  readonly current: Buffer | null;
  readonly previous: readonly Buffer[];
}

/** The master keys, from the same variables as the server's. Throws `OperatorError`, which repeats none of them. */
export function givenKeys(env: Readonly<Record<string, string | undefined>>): GivenKeys {
  const given = env["ENCRYPTION_KEY"]?.trim() || null;
  const current = given === null ? null : parseEncryptionKey(given);
  if (current?.ok === false) throw new OperatorError(`ENCRYPTION_KEY cannot be used. ${current.message}.`);
  const previous = parseEncryptionKeys(env["ENCRYPTION_KEYS_PREVIOUS"] ?? "");
  if (!previous.ok) throw new OperatorError(`ENCRYPTION_KEYS_PREVIOUS cannot be used. ${previous.message}.`);
  return { current: current?.key ?? null, previous: previous.keys };
}
