import type postgres from "postgres";
import type { Forbidden, OperationsDeps, Principal } from "./deps.ts";
import { hasAdminRole } from "./roles/is-admin.ts";

/** Reads, as an admin of the installation: the role and everything that is read are of one snapshot. */
export async function readAsAdmin<T>(
  { sql }: Pick<OperationsDeps, "sql">,
  principal: Principal,
  read: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T | Forbidden> {
  // In an object: the driver takes apart a promise of a list.
  const { answer } = await sql.begin("isolation level repeatable read read only", async (tx) => ({
    answer: (await hasAdminRole(tx, principal)) ? await read(tx) : ({ kind: "forbidden" } as const),
  }));
  return answer;
}
