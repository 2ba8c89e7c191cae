import {
  type AuthoringDatabase,
  type AuthoringDeps,
  createApiKey,
  listWorkflows,
  listWorkspaces,
  type Principal,
} from "@gantry/authoring";
import type { Credential } from "@gantry/execution";
import { appointFirstAdmin, type OperationsDeps } from "@gantry/operations";
import { hashApiKey } from "@gantry/secrets";
import type { Auth } from "../auth.ts";
import { readJsonFile, writeJsonFile } from "../start/data-folder.ts";
import { type Demo, demoFile, demoOwner, demoShape } from "./demo.ts";
import { seedDemo } from "./seed-demo.ts";

export interface DemoDeps {
  readonly authoring: AuthoringDeps;
  readonly operations: Pick<OperationsDeps, "sql" | "newId">;
  readonly auth: Auth;
  /** The same, inside a transaction. */
  readonly authIn: (db: AuthoringDatabase) => Promise<Auth>;
  readonly readPrincipal: (credential: Credential) => Promise<Principal | null>;
  readonly dataDir: string;
}

/**
 * The demo of this database: seeded when there is none yet, and known from demo.json after that. Where that file is
 * lost, or belongs to another database, the demo's owner gets a new password and a new key. The owner is an admin of the
 * installation, so that all of it can be seen, until somebody else is.
 * Null when somebody took the demo apart.
 */
export async function ensureDemo(deps: DemoDeps): Promise<Demo | null> {
  const demo = await findOrSeed(deps);
  await appointFirstAdmin(deps.operations, demoOwner.email);
  return demo;
}

async function findOrSeed(deps: DemoDeps): Promise<Demo | null> {
  const ownerId = (await deps.auth.findPerson(demoOwner.email)) ?? (await seed(deps));
  if (typeof ownerId !== "string") return ownerId;
  const kept = demoShape.safeParse(await readJsonFile(deps.dataDir, demoFile));
  if (kept.success) {
    const hash = hashApiKey(kept.data.apiKey);
    const principal = await deps.readPrincipal({ kind: "api_key", hash });
    if (principal?.userId === ownerId) return kept.data;
  }
  return renew(deps, ownerId);
}

/** The id of the owner, when another process seeded this database at the same moment. */
async function seed({ authoring, auth, authIn, dataDir }: DemoDeps): Promise<Demo | string> {
  try {
    return await authoring.db.transaction(async (tx) => {
      const demo = await seedDemo({ ...authoring, db: tx }, await authIn(tx), newPassword(authoring));
      // Before the end of the transaction: a demo whose password nobody knows would be worse than a file without a demo.
      await writeJsonFile(dataDir, demoFile, demo);
      return demo;
    });
  } catch (error) {
    const ownerId = await auth.findPerson(demoOwner.email);
    if (ownerId === null) throw error;
    return ownerId;
  }
}

async function renew({ authoring, auth, dataDir }: DemoDeps, ownerId: string): Promise<Demo | null> {
  const owner: Principal = { userId: ownerId, apiKeyId: null, workspaceId: null };
  const workspaces = await listWorkspaces(authoring, owner);
  const shown = workspaces.find(({ payer }) => payer?.kind === "organization") ?? workspaces[0];
  if (shown === undefined) return null;
  const key = await createApiKey(authoring, owner, { workspaceId: shown.id, name: "Demo key" });
  const listed = await listWorkflows(authoring, owner, shown.id);
  if (key.kind !== "ok" || listed.kind !== "ok") return null;

  const password = newPassword(authoring);
  await auth.setPassword(ownerId, password);
  const workflows = listed.workflows
    .filter(({ activeVersionNumber }) => activeVersionNumber !== null)
    .map(({ id, name }) => ({ id, name }));
  const demo: Demo = { apiKey: key.secret, owner: { email: demoOwner.email, password }, workflows };
  await writeJsonFile(dataDir, demoFile, demo);
  return demo;
}

function newPassword({ randomBytes }: AuthoringDeps): string {
  return randomBytes(12).toString("base64url");
}
