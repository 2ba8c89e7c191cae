import { environmentValues } from "@gantry/db";
import type { Denied } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { contextOf, type EnvironmentOwner, type EnvironmentScope, ownerToChange } from "./scope.ts";

export type SetEnvironmentValueResult = { readonly kind: "ok" } | Denied;

/** Writes `{{NAME}}`, in place of the value that it had. It is sealed, and never read back by this package. */
export async function setEnvironmentValue(
  { db, keyring, newId, now }: Pick<AuthoringDeps, "db" | "keyring" | "newId" | "now">,
  principal: Principal,
  request: { readonly scope: EnvironmentScope; readonly name: string; readonly value: string },
): Promise<SetEnvironmentValueResult> {
  const { scope, name, value } = request;
  const access = await ownerToChange(db, principal, scope);
  if (access.kind !== "allowed") return access;
  const sealed = keyring.seal(value, contextOf(access.owner, name));
  await upsertValue(db, access.owner, { id: newId(), name, sealed, updatedAt: new Date(now()) });
  return { kind: "ok" };
}

async function upsertValue(
  db: AuthoringDatabase,
  owner: EnvironmentOwner,
  row: { readonly id: string; readonly name: string; readonly sealed: string; readonly updatedAt: Date },
): Promise<void> {
  const { sealed, updatedAt } = row;
  const columns = owner.kind === "workspace" ? { workspaceId: owner.workspaceId } : { userId: owner.userId };
  await db
    .insert(environmentValues)
    .values({ ...row, ...columns })
    .onConflictDoUpdate({
      target: [environmentValues.ownerId, environmentValues.name],
      set: { sealed, updatedAt },
    });
}
