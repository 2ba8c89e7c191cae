import {
  type AuthoringDeps,
  createApiKey,
  createWorkflow,
  createWorkspace,
  deploy,
  listWorkspaces,
  type Principal,
  saveDraft,
  setEnvironmentValue,
} from "@gantry/authoring";
import type { WorkflowDefinition } from "@gantry/workflow";
import type { Auth } from "../auth.ts";
import { orderDesk } from "./definitions/order-desk.ts";
import { prosAndCons } from "./definitions/pros-and-cons.ts";
import { quoteCalculator } from "./definitions/quote-calculator.ts";
import { summarizeText, summarizeTextInPoints } from "./definitions/summarize-text.ts";
import { supportTriage } from "./definitions/support-triage.ts";
import { type Demo, demoOwner } from "./demo.ts";

interface DemoWorkflow {
  readonly name: string;
  readonly description: string;
  /** Deployed one after the other; the last one is active. */
  readonly versions: readonly {
    readonly note: string;
    readonly definition: (idOf: IdOf) => WorkflowDefinition;
  }[];
}

/** The id of a workflow that comes before in the list. */
type IdOf = (name: string) => string;

/** Each runs without any input. */
const deployed: readonly DemoWorkflow[] = [
  {
    name: "Summarize text",
    description: "One agent. Two versions, to roll back and forth.",
    versions: [
      { note: "Prose", definition: () => summarizeText },
      { note: "Bullet points", definition: () => summarizeTextInPoints },
    ],
  },
  {
    name: "Support triage",
    description: "Structured output, a condition, and an agent for each way out.",
    versions: [{ note: "First version", definition: () => supportTriage }],
  },
  {
    name: "Quote calculator",
    description: "A function and a condition, no model.",
    versions: [{ note: "First version", definition: () => quoteCalculator }],
  },
  {
    name: "Pros and cons",
    description: "Two agents at the same time, a third one that weighs them.",
    versions: [{ note: "First version", definition: () => prosAndCons }],
  },
  {
    name: "Order desk",
    description: "An agent with two tools: a function, and the quote calculator run as a part of it.",
    versions: [{ note: "First version", definition: (idOf) => orderDesk(idOf("Quote calculator")) }],
  },
];

/**
 * A person with a personal workspace, an organization with a workspace of deployed workflows, an API key to it. Give it
 * a transaction: half a demo is none.
 */
export async function seedDemo(
  deps: AuthoringDeps,
  auth: Pick<Auth, "createPerson" | "createOrganization">,
  password: string,
): Promise<Demo> {
  const ownerId = await auth.createPerson({ ...demoOwner, password });
  const owner: Principal = { userId: ownerId, apiKeyId: null, workspaceId: null };
  const organizationId = await auth.createOrganization({ name: "Acme", slug: "acme-demo", ownerId });
  const { id: workspaceId } = ok(await createWorkspace(deps, owner, { name: "Acme", organizationId }));

  const scope = { kind: "workspace", workspaceId } as const;
  ok(await setEnvironmentValue(deps, owner, { scope, name: "SUPPORT_SIGNATURE", value: "Robin from Acme" }));
  const workflows: Demo["workflows"] = [];
  const idOf: IdOf = (name) => {
    const found = workflows.find((workflow) => workflow.name === name);
    if (found === undefined) throw new Error(`The demo has no workflow "${name}" yet.`);
    return found.id;
  };
  for (const workflow of deployed) {
    const id = await seedWorkflow(deps, owner, { workspaceId, idOf }, workflow);
    workflows.push({ id, name: workflow.name });
  }
  await seedDraft(deps, owner);
  const { secret } = ok(await createApiKey(deps, owner, { workspaceId, name: "Demo key" }));
  return { apiKey: secret, owner: { email: demoOwner.email, password }, workflows };
}

async function seedWorkflow(
  deps: AuthoringDeps,
  owner: Principal,
  { workspaceId, idOf }: { readonly workspaceId: string; readonly idOf: IdOf },
  { name, description, versions }: DemoWorkflow,
): Promise<string> {
  const [first] = versions;
  const created = await createWorkflow(deps, owner, {
    workspaceId,
    name,
    description,
    definition: first?.definition(idOf),
  });
  const { id: workflowId } = ok(created);
  for (const [index, { note, definition }] of versions.entries()) {
    if (index > 0)
      ok(await saveDraft(deps, owner, { workflowId, baseRevision: index, definition: definition(idOf) }));
    ok(await deploy(deps, owner, { workflowId, note }));
  }
  return workflowId;
}

/** In the personal workspace: a workflow that was never deployed. */
async function seedDraft(deps: AuthoringDeps, owner: Principal): Promise<void> {
  const personal = (await listWorkspaces(deps, owner)).find(({ payer }) => payer?.kind === "user");
  if (personal === undefined) throw new Error("The demo's owner has no personal workspace.");
  ok(
    await createWorkflow(deps, owner, {
      workspaceId: personal.id,
      name: "My first workflow",
      description: "Not deployed yet: only the editor can run it.",
    }),
  );
}

/** The seed may do all that it does; anything else is a fault in it. */
function ok<T extends { readonly kind: string }>(result: T): Extract<T, { kind: "ok" }> {
  if (!isOk(result)) throw new Error(`The demo could not be seeded: ${JSON.stringify(result)}`);
  return result;
}

function isOk<T extends { readonly kind: string }>(result: T): result is Extract<T, { kind: "ok" }> {
  return result.kind === "ok";
}
