import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { parseEncryptionKey } from "./parse-encryption-key.ts";

/** What an installation that was given no secrets generates for itself and keeps in its data folder. */
export interface KeptSecrets {
  /** 32 characters or more. */
  readonly authSecret: string;
  readonly encryptionKey: Buffer;
  /** Keys that stored values may still be sealed with: there are some while keys are exchanged. */
  readonly previousEncryptionKeys: readonly Buffer[];
}

/** The file cannot be used; the message says so to an operator in a sentence or two, and holds no secret. */
export class KeptSecretsError extends Error {
  override readonly name = "KeptSecretsError";
}

const fileName = "secrets.json";

/** Null when the folder has none. Throws `KeptSecretsError` when they cannot be read: nobody may overwrite them then. */
export async function readKeptSecrets(folder: string): Promise<KeptSecrets | null> {
  const path = join(folder, fileName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new KeptSecretsError(`${path} cannot be read (${codeOf(error)}).`, { cause: error });
  }
  const secrets = parse(text);
  if (secrets !== null) return secrets;
  throw new KeptSecretsError(
    `${path} is damaged: restore it, or delete it and enter every stored secret again.`,
  );
}

/**
 * Only its owner can read the file. It is there whole or not at all, and on the disk before this returns: what is sealed
 * from then on must not outlive its key. Throws `KeptSecretsError`.
 */
export async function writeKeptSecrets(folder: string, secrets: KeptSecrets): Promise<void> {
  const path = join(folder, fileName);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(serialize(secrets));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    throw new KeptSecretsError(`${path} cannot be written (${codeOf(error)}).`, { cause: error });
  }
}

function serialize({ authSecret, encryptionKey, previousEncryptionKeys }: KeptSecrets): string {
  const previous = previousEncryptionKeys.map((key) => key.toString("hex"));
  const file = {
    authSecret,
    encryptionKey: encryptionKey.toString("hex"),
    ...(previous.length === 0 ? {} : { previousEncryptionKeys: previous }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Null for anything that `serialize` does not write. */
function parse(text: string): KeptSecrets | null {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof file !== "object" || file === null) return null;
  const authSecret = "authSecret" in file ? file.authSecret : undefined;
  const encryptionKey = keyOf("encryptionKey" in file ? file.encryptionKey : undefined);
  const previous: unknown = "previousEncryptionKeys" in file ? file.previousEncryptionKeys : [];
  const previousEncryptionKeys = Array.isArray(previous) ? previous.map(keyOf) : [null];
  if (typeof authSecret !== "string" || authSecret.length < 32 || encryptionKey === null) return null;
  if (!previousEncryptionKeys.every((key) => key !== null)) return null;
  return { authSecret, encryptionKey, previousEncryptionKeys };
}

function keyOf(text: unknown): Buffer | null {
  const parsed = typeof text === "string" ? parseEncryptionKey(text) : null;
  return parsed?.ok === true ? parsed.key : null;
}

/** A renamed file is where it was after a power cut, unless its folder was written too. Windows cannot be told to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const opened = await open(folder, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
