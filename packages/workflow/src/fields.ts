import { z } from "zod";

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export const jsonValue: z.ZodType<JsonValue> = z.json();

/** Ids are chosen by the editor; they never reach a user's eye and may not hold separators. */
export const blockId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 letters, digits, '-' or '_'");

/** Names are what references use: `<Name.path>`. Unique within a workflow, compared exactly. */
export const blockName = z
  .string()
  .trim()
  .regex(/^[A-Za-z][A-Za-z0-9 _-]{0,63}$/, "a letter, then up to 63 letters, digits, spaces, '-' or '_'")
  .refine((name) => name !== "variable", "another name: 'variable' is what <variable.name> begins with");

/** What every block has. */
export const common = {
  id: blockId,
  name: blockName,
  position: z.strictObject({ x: z.number(), y: z.number() }),
};

/** The names under which environment values are stored and read: `{{NAME}}`. */
export const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "letters, digits and '_', not a digit first");

/** The keys under which a block sees values that were bound for it: `inputs.<name>` in sandboxed code. */
export const bindingName = z
  .string()
  .regex(/^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/, "a JavaScript identifier")
  .refine((name) => name !== "__proto__", "another name: '__proto__' cannot be a key in JSON data");

/** Text in which `<block.path>`, `<variable.name>` and `{{ENV_NAME}}` are replaced when the block runs. */
export const template = z.string().max(200_000);

/** The body of a function of one argument, `inputs`. */
export const sandboxedCode = {
  code: z.string().min(1).max(100_000),
  timeoutMs: z.int().min(10).max(30_000).optional(),
};

export const requestHeaders = z.record(z.string().min(1).max(200), template);

/** A request to an address that the workflow's author names. */
export const httpRequest = {
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]),
  url: template.min(1),
  headers: requestHeaders,
  timeoutMs: z.int().min(100).max(120_000).optional(),
  maxBytes: z.int().min(1).max(10_000_000).optional(),
};
