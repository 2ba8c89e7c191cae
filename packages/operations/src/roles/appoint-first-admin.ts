import { findAccount } from "../accounts/find-account.ts";
import { change, type Made } from "../change.ts";
import type { OperationsDeps } from "../deps.ts";
import type { RoleState } from "./set-role.ts";

/** Makes this user an admin where nobody is one; true when it did. Several processes may ask at once. */
export async function appointFirstAdmin(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  email: string,
): Promise<boolean> {
  const result = await change(
    deps,
    "operator",
    async (tx): Promise<Made<RoleState> | { readonly kind: "needless" }> => {
      const account = await findAccount(tx, { email });
      const admins = await tx`SELECT 1 FROM users WHERE role = 'admin' LIMIT 1`;
      if (account === null || admins.length > 0) return { kind: "needless" };
      await tx`UPDATE users SET role = 'admin' WHERE id = ${account.id}`;
      return {
        entry: {
          action: "role.set",
          subjectId: account.id,
          subject: account.handle,
          before: { role: "user" },
          after: { role: "admin" },
        },
      };
    },
  );
  return result.kind === "ok";
}
