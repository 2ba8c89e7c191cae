import { resolve } from "node:path";
import type { DatabasePlace } from "./database/open-operator-database.ts";

export type ParsedPlace =
  | { readonly ok: true; readonly place: DatabasePlace }
  | { readonly ok: false; readonly problem: string };

/** Where the database is, from the same variables as the server's. An empty one counts as not set. */
export function placeOf(env: Readonly<Record<string, string | undefined>>, repository: string): ParsedPlace {
  const databaseUrl = env["DATABASE_URL"]?.trim() || null;
  if (databaseUrl !== null && !/^postgres(ql)?:$/.test(protocolOf(databaseUrl))) {
    return {
      ok: false,
      problem: "DATABASE_URL must be a URL that starts with postgres:// or postgresql://.",
    };
  }
  return {
    ok: true,
    place: { databaseUrl, dataDir: resolve(env["GANTRY_DATA_DIR"]?.trim() || `${repository}.gantry`) },
  };
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : "";
}
