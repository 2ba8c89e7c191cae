import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, cp, lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError, folderNotWritable } from "./embedded-postgres-error.ts";
import { canEnter, canRun, type ServerUser } from "./server-user.ts";

/** Everybody may enter it, and its files survive a restart of the machine. */
const publicFolder = "/var/tmp";

/**
 * Makes the data folder. For root: one that the server's user can enter but not change, except for the cluster inside
 * it and when it is `ephemeral`. When root's own folders above it (such as /root) keep that user out, the data goes to
 * a folder under /var/tmp instead, named by a hash of the wanted path, and `log` says so.
 */
export async function prepareDataFolder(
  wanted: string,
  user: ServerUser,
  ephemeral: boolean,
  log: (line: string) => void,
): Promise<string> {
  const folder = resolve(wanted);
  await makeFolder(folder);
  if (user.uid === undefined) return folder;
  const open = (path: string) => (ephemeral ? chown(path, user.uid, user.gid) : chmod(path, 0o711));
  await open(folder);
  if (canEnter(user, folder)) return folder;

  const fallback = fallbackFolder(folder);
  await makeFolder(fallback);
  await requireOurs(fallback);
  await open(fallback);
  log(
    `PostgreSQL runs as user id ${user.uid}, which cannot enter ${folder}: its data is in ${fallback} instead.`,
  );
  return fallback;
}

/** Where the data of a folder goes that the server's user cannot enter. */
export function fallbackFolder(wanted: string): string {
  return join(publicFolder, `gantry-postgres-${hash(resolve(wanted))}`);
}

/** The same for the programs: a checkout under /root cannot be executed by anybody else, so they are copied once. */
export async function prepareBinaries(
  binaries: Binaries,
  user: ServerUser,
  log: (line: string) => void,
): Promise<string> {
  if (user.uid === undefined || canRun(user, binaries.root)) return binaries.root;
  const copy = join(publicFolder, `gantry-postgres-${binaries.version}`);
  if (!(await exists(copy))) {
    log(`Copying PostgreSQL's programs to ${copy}, where user id ${user.uid} can run them.`);
    const partial = `${copy}.${process.pid}`;
    await rm(partial, { recursive: true, force: true });
    await cp(binaries.root, partial, { recursive: true, verbatimSymlinks: true });
    await promisify(execFile)("chmod", ["-R", "a+rX", partial]);
    try {
      await rename(partial, copy);
    } catch (error) {
      // Another start may have been faster; its copy is as good.
      await rm(partial, { recursive: true, force: true });
      if (!(await exists(copy))) throw error;
    }
  }
  await requireOurs(copy);
  return copy;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    if (!(await exists(folder))) await mkdir(folder, { mode: 0o700 });
    if (!(await stat(folder)).isDirectory()) throw new Error("not a folder");
  } catch (error) {
    throw folderNotWritable(folder, error);
  }
}

/** Everybody can write to /var/tmp: what somebody else put there under our name is not used. */
async function requireOurs(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === process.getuid?.()) return;
  throw new EmbeddedPostgresError(
    "folder-not-ours",
    `${folder} was made by somebody else: remove it and start again.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
