import { environmentValues } from "@gantry/db";
import { and, eq } from "drizzle-orm";
import type { Denied } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";
import { type EnvironmentScope, ownedBy, ownerToChange } from "./scope.ts";

/** `not_found` also when the scope has no value of that name. */
export type RemoveEnvironmentValueResult = { readonly kind: "ok" } | Denied;

export async function removeEnvironmentValue(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  request: { readonly scope: EnvironmentScope; readonly name: string },
): Promise<RemoveEnvironmentValueResult> {
  const access = await ownerToChange(db, principal, request.scope);
  if (access.kind !== "allowed") return access;
  const removed = await db
    .delete(environmentValues)
    .where(and(ownedBy(access.owner), eq(environmentValues.name, request.name)))
    .returning({ id: environmentValues.id });
  return removed.length > 0 ? { kind: "ok" } : { kind: "not_found" };
}
