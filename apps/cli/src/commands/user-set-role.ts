import type { Database } from "@gantry/db";
import { type Role, setRole } from "@gantry/operations";
import { v7 as uuidv7 } from "uuid";
import { OperatorError } from "../database/operator-error.ts";

/** Prints what the role was and is. Throws `OperatorError` when it cannot be set. */
export async function userSetRole(
  sql: Database["sql"],
  request: { readonly email: string; readonly role: Role },
  print: (line: string) => void,
): Promise<0> {
  const changed = await setRole({ sql, newId: uuidv7 }, request);
  switch (changed.kind) {
    case "ok":
      print(`before  ${changed.before.role}`);
      print(`after   ${changed.after.role}`);
      return 0;
    case "not_found":
      throw new OperatorError(`There is no user with the email ${request.email}.`);
    case "forbidden":
      throw new Error("An operator may do this.");
    case "last_admin":
      throw new OperatorError(`${request.email} is the only admin: appoint another one first.`);
  }
}
