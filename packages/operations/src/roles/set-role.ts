import { findAccount } from "../accounts/find-account.ts";
import { change, type Made } from "../change.ts";
import type { Forbidden, OperationsDeps } from "../deps.ts";

export type Role = "admin" | "user";

export type SetRoleResult =
  | { readonly kind: "ok"; readonly before: RoleState; readonly after: RoleState }
  | { readonly kind: "not_found" }
  /** An installation that has an admin keeps one: appoint another first. */
  | { readonly kind: "last_admin" }
  | Forbidden;

export interface RoleState {
  readonly role: Role;
}

/** For the command line alone: nobody in the app makes admins, not even an admin. */
export function setRole(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  request: { readonly email: string; readonly role: Role },
): Promise<SetRoleResult> {
  const { email, role } = request;
  return change(deps, "operator", async (tx): Promise<Made<RoleState> | SetRoleNo> => {
    const account = await findAccount(tx, { email });
    if (account === null) return { kind: "not_found" };
    const [user] = await tx<{ role: Role; others: boolean }[]>`
      SELECT role, EXISTS (SELECT 1 FROM users o WHERE o.role = 'admin' AND o.id <> u.id) AS others
        FROM users u WHERE id = ${account.id}`;
    if (user === undefined) return { kind: "not_found" };
    if (user.role === "admin" && role !== "admin" && !user.others) return { kind: "last_admin" };
    await tx`UPDATE users SET role = ${role} WHERE id = ${account.id}`;
    return {
      entry: {
        action: "role.set",
        subjectId: account.id,
        subject: account.handle,
        before: { role: user.role },
        after: { role },
      },
    };
  });
}

type SetRoleNo = { readonly kind: "not_found" | "last_admin" };
