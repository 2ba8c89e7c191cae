import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

export interface Binaries {
  /** Holds `bin`, `lib` and `share`; the programs find the other two relative to themselves. */
  readonly root: string;
  readonly version: string;
}

/**
 * Where the package for this platform keeps PostgreSQL. The class that `embedded-postgres` itself exports is not used:
 * loading it installs handlers for SIGINT and SIGTERM that race with the application's own shutdown.
 */
export function findBinaries(): Binaries {
  // The watchdog is a shell script and the server is stopped by a signal: Windows has neither.
  if (platform() === "linux" || platform() === "darwin") {
    const fromLibrary = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    try {
      const entry = fromLibrary.resolve(`@embedded-postgres/${platform()}-${arch()}`);
      const root = join(dirname(dirname(entry)), "native");
      const manifest: { version: string } = fromLibrary(join(dirname(dirname(entry)), "package.json"));
      if (existsSync(join(root, "bin", "postgres"))) return { root, version: manifest.version };
    } catch (error) {
      if (!isMissingModule(error)) throw error;
    }
  }
  throw new EmbeddedPostgresError(
    "no-binary",
    `There is no embedded PostgreSQL for ${platform()} on ${arch()}: set DATABASE_URL to a PostgreSQL server of your own.`,
  );
}

function isMissingModule(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
}
