import type postgres from "postgres";
import type { OperationsDeps, Principal } from "../deps.ts";

/** Whether the principal may do what an admin of the installation does. */
export function isAdmin({ sql }: Pick<OperationsDeps, "sql">, principal: Principal): Promise<boolean> {
  return hasAdminRole(sql, principal);
}

/** The same, where a transaction must know it. */
export async function hasAdminRole(sql: postgres.ISql, { userId, apiKeyId }: Principal): Promise<boolean> {
  if (apiKeyId !== null) return false;
  const found = await sql`SELECT 1 FROM users WHERE id = ${userId} AND role = 'admin'`;
  return found.length > 0;
}
