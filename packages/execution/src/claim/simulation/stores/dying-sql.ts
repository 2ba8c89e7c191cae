import type postgres from "postgres";

/** When a process dies: as it is about to write down a run's charge or end, or right after that was written. */
export type Death = "before" | "after";

/**
 * The database of a process that dies. Only what it was doing last is done or not done; whatever it wanted to ask after
 * that throws.
 */
export function createDyingSql(sql: postgres.Sql, death: Death): postgres.Sql {
  let isDead = false;
  function pass(text: string): void {
    if (isDead) throw new Error("The process is dead.");
    const isLast =
      death === "before" ? /INTO (?:slots|runs|ledger_entries)\b/ : /INTO (?:runs|ledger_entries)\b/;
    isDead = isLast.test(text);
    if (isDead && death === "before") throw new Error("The process has died.");
  }
  function guarded<T extends postgres.Sql | postgres.TransactionSql>(target: T): T {
    return new Proxy(target, {
      apply(called, self, args: readonly unknown[]): unknown {
        const [strings] = args;
        if (Array.isArray(strings)) pass(strings.join(""));
        return Reflect.apply(called, self, args);
      },
      get(_, name): unknown {
        if (name === "unsafe") return guardedUnsafe(target);
        if (name === "begin" && "begin" in target) return guardedBegin(target);
        return Reflect.get(target, name);
      },
    });
  }

  function guardedUnsafe(target: postgres.Sql | postgres.TransactionSql): postgres.Sql["unsafe"] {
    return (text, ...rest) => {
      pass(text);
      return target.unsafe(text, ...rest);
    };
  }

  function guardedBegin(target: postgres.Sql) {
    return (work: (transaction: postgres.TransactionSql) => Promise<unknown>) =>
      target.begin((transaction) => work(guarded(transaction)));
  }

  return guarded(sql);
}
