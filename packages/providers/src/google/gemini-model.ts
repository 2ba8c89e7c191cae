import { InvalidRequest } from "../adapter.ts";

const nameForm = /^(?:models\/)?[a-zA-Z0-9._-]+$/;

/** Throws `InvalidRequest`: the name becomes a part of the address, where the SDK lets more pass than a name. */
export function geminiModel(name: string): string {
  if (nameForm.test(name) && !name.includes("..")) return name;
  throw new InvalidRequest(`'${name}' is no name of a Gemini model.`);
}

/**
 * From version 3 on a model answers with JSON also when it has tools, gives its calls ids and wants their signatures
 * back. Names without a version, such as `gemini-flash-latest`, mean newer ones.
 */
export function isGemini3(name: string): boolean {
  return !/^(?:models\/)?gemini-[12](?:\.|-|$)/.test(name);
}
