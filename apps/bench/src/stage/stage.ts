import { type Database, openDatabase } from "@gantry/db";
import { warmAdmission } from "@gantry/execution/admission";
import type postgres from "postgres";
import type { Subject } from "../measure/subject.ts";

/** The database that is measured, through the same two pools that the service has. */
export interface Stage {
  readonly url: string;
  /** Facts, claims and the `select 1` that they are compared with; nothing else. */
  readonly hot: Database;
  readonly general: Database;
  close(): Promise<void>;
}

/** As many as the service opens. */
/** As many as the service opens on two cores. */
export const hotConnections = 4;

/** On a migrated database. */
export async function openStage(url: string): Promise<Stage> {
  const hot = openDatabase({ url, poolMax: hotConnections, applicationName: "bench-hot", hot: true });
  const general = openDatabase({ url, poolMax: 10, applicationName: "bench" });
  await warmAdmission(hot.sql, hotConnections);
  return {
    url,
    hot,
    general,
    async close() {
      await hot.close();
      await general.close();
    },
  };
}

/** The unit of everything: the least that can be asked of the database, prepared, over the same connections. */
export function selectOne(sql: postgres.Sql): Subject<"select 1"> {
  return {
    name: "select 1",
    async run() {
      await sql.unsafe("select 1", [], { prepare: true });
    },
  };
}
