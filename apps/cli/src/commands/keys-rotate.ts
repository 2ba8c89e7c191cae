import { type ResealedSecrets, resealSecrets } from "@gantry/authoring";
import type { Database } from "@gantry/db";
import { createKeyring, type EncryptionKeys, encryptionKeys } from "@gantry/secrets";
import { exchangeKeptKey } from "../keys/exchange-kept-key.ts";
import type { GivenKeys } from "../keys/given-keys.ts";

type Print = (line: string) => void;

/**
 * Seals every stored secret with the current master key: the given one, or else a new one in the data folder. Answers
 * with the exit code: 1 when some could not be opened. Throws `OperatorError`.
 */
export async function keysRotate(
  sql: Database["sql"],
  { current, previous, dataDir }: GivenKeys & { readonly dataDir: string },
  print: Print,
): Promise<0 | 1> {
  if (current !== null) {
    const unreadable = await reseal(sql, encryptionKeys(current, previous), print);
    if (unreadable === 0) print("No stored value needs a key of ENCRYPTION_KEYS_PREVIOUS any more.");
    return unreadable === 0 ? 0 : 1;
  }

  const exchange = await exchangeKeptKey(sql, dataDir);
  if (exchange.resumed) print("An earlier rotation was not finished: going on with its key.");
  const { encryptionKey, previousEncryptionKeys } = exchange.secrets;
  const keys = encryptionKeys(encryptionKey, [...previousEncryptionKeys, ...previous]);
  const unreadable = await reseal(sql, keys, print);
  if (unreadable === 0) {
    await exchange.finish();
    print(`The replaced key is no longer in ${dataDir}.`);
    return 0;
  }
  print(
    `The replaced key stays in ${dataDir}: set these values again or remove them, then rotate once more to finish.`,
  );
  return 1;
}

async function reseal(sql: Database["sql"], keys: EncryptionKeys, print: Print): Promise<number> {
  const resealed = await resealSecrets(sql, createKeyring(keys));
  for (const line of resealedLines(resealed, keys.current.id)) print(line);
  return resealed.unreadable.length;
}

function resealedLines({ environmentValues, providerKeys, unreadable }: ResealedSecrets, keyId: string) {
  return [
    ...unreadable.map((secret) => `${secret} cannot be opened with any of the keys and was left as it is`),
    `Sealed anew with the key ${keyId}: ${counted(environmentValues, "environment value")}, ${counted(providerKeys, "provider key")}.`,
  ];
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
