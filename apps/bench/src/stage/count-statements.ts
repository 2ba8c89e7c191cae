import type postgres from "postgres";

export interface CountedSql {
  readonly sql: postgres.Sql;
  /** Statements sent since the start. */
  statements(): number;
}

/** The same client, with every statement counted. */
export function countStatements(sql: postgres.Sql): CountedSql {
  let sent = 0;
  const counted = new Proxy(sql, {
    apply(target, self, args) {
      sent += 1;
      return Reflect.apply(target, self, args);
    },
    get(target, key) {
      if (key === "unsafe") sent += 1;
      return Reflect.get(target, key);
    },
  });
  return { sql: counted, statements: () => sent };
}
