import { readFile } from "node:fs/promises";
import { ZodError } from "zod";
import { OperatorError } from "./operator-error.ts";

/**
 * What `read` makes of an operator's JSON file, whose path the variable holds. Throws `OperatorError` where the file is no
 * JSON, and one that names everything that is wrong with it where `read` throws a `ZodError`.
 */
export async function readConfigFile<T>(
  variable: string,
  file: string,
  read: (json: unknown) => T,
): Promise<T> {
  const json = await readJson(variable, file);
  try {
    return read(json);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
    throw new OperatorError(`${variable} ${file} cannot be used. ${problems.join("; ")}.`, { cause: error });
  }
}

async function readJson(variable: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new OperatorError(`${variable} ${file} cannot be read as JSON.`, { cause: error });
  }
}
