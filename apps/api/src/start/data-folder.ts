import { constants } from "node:fs";
import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperatorError } from "./operator-error.ts";

/** Makes sure that the folder is there and can be written. */
export async function openDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `The data folder ${folder} cannot be written (${codeOf(error)}): mend its permissions, or name another with GANTRY_DATA_DIR.`,
      { cause: error },
    );
  }
}

/** Not `recursive`: below /proc, where no folder can be made, Node's own way of doing that never returns. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    switch (codeOf(error)) {
      case "EEXIST":
        return;
      case "ENOENT":
        await makeFolder(dirname(folder));
        await mkdir(folder).catch((late: unknown) => {
          // Somebody else may have made it meanwhile.
          if (codeOf(late) !== "EEXIST") throw late;
        });
        return;
      default:
        throw error;
    }
  }
}

/** Null when there is no such file. Throws when it holds no JSON. */
export async function readJsonFile(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new OperatorError(`${path} cannot be read (${codeOf(error)}).`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatorError(`${path} is not well-formed JSON: mend it, or delete it to start anew.`, {
      cause: error,
    });
  }
}

/** Only its owner can read the file. It is there whole or not at all. */
export async function writeJsonFile(folder: string, name: string, value: unknown): Promise<void> {
  const path = join(folder, name);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    throw new OperatorError(`${path} cannot be written (${codeOf(error)}).`, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
