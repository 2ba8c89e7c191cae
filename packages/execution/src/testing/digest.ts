import type { TestDatabase } from "@gantry/db/testing";

export type Digest = Readonly<Record<string, string>>;

/**
 * Digests the contents of every table: two digests that are equal mean that nothing was written in between. Rows of
 * `runs` with these ids are not looked at: records of refusals are written off the path.
 */
export async function createDigest({
  sql,
}: Pick<TestDatabase, "sql">): Promise<(ignoredRuns: readonly string[]) => Promise<Digest>> {
  const tables = await sql<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const statement = tables
    .map(({ name }) => {
      const where = name === "runs" ? "WHERE t.id <> ALL (string_to_array($1, ','))" : "";
      return `SELECT '${name}' AS name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS rows
                FROM "${name}" t ${where}`;
    })
    .join(" UNION ALL ");
  return async (ignoredRuns) => {
    const rows = await sql.unsafe<{ name: string; rows: string }[]>(statement, [ignoredRuns.join(",")], {
      prepare: true,
    });
    return Object.fromEntries(rows.map(({ name, rows }) => [name, rows]));
  };
}
