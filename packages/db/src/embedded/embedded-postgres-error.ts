export type EmbeddedPostgresProblem =
  /** PostgreSQL is not shipped for this operating system and processor. */
  | "no-binary"
  /** This user id has no name on this machine, and PostgreSQL insists on one. */
  | "no-user"
  | "folder-not-writable"
  /** A live process already runs its database from this folder. */
  | "folder-in-use"
  /** The folder holds something that is not a PostgreSQL cluster. */
  | "folder-not-ours"
  | "init-failed"
  | "start-failed";

/** Why the embedded PostgreSQL cannot run. The message is one sentence for the operator. */
export class EmbeddedPostgresError extends Error {
  readonly problem: EmbeddedPostgresProblem;

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EmbeddedPostgresError";
    this.problem = problem;
  }
}

export function folderNotWritable(folder: string, cause: unknown): EmbeddedPostgresError {
  const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new EmbeddedPostgresError(
    "folder-not-writable",
    `The data folder ${folder} cannot be written${reason}: choose another one or mend its permissions.`,
    { cause },
  );
}
