import { beforeAll, describe, expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { inspect } from "./harness/inspect.ts";
import { until } from "./harness/process.ts";
import { execute } from "./harness/rest.ts";
import { setUpStage } from "./harness/stage.ts";

const stage = setUpStage();
/** The paths below, once the demo's ids are known. */
let paths: Readonly<Record<string, string>>;

beforeAll(async () => {
  const completed = await execute(stage.app, stage.app.workflowId("Support triage"));
  await stage.app.query((sql) => sql`UPDATE payers SET blocked_reason = 'payment_failed'`);
  const refused = await execute(stage.app, stage.app.workflowId("Support triage"));
  if (completed.status !== 200 || refused.status !== 402)
    throw new Error(JSON.stringify([completed, refused]));
  await stage.app.query((sql) => sql`UPDATE payers SET blocked_reason = NULL`);
  await using owner = await stage.visitAsOwner();
  const workspace = await demoWorkspace(owner.page);
  const workflow = `${workspace}/workflows/${stage.app.workflowId("Support triage")}`;
  const refusedRun = await runIdOf("refused");
  paths = {
    workflows: `${workspace}/workflows`,
    workflow,
    edit: `${workflow}/edit`,
    versions: `${workflow}/versions`,
    runs: `${workspace}/runs`,
    "a completed run": `${workspace}/runs/${String(completed.body.data?.["runId"])}`,
    "a refused run": `${workspace}/runs/${refusedRun}`,
    usage: `${workspace}/usage`,
    "API keys": `${workspace}/keys`,
    environment: `${workspace}/environment`,
    "a page that does not exist": "/nowhere",
  };
});

const signedOut = ["/sign-in", "/sign-up"];
const signedIn = [
  "workflows",
  "workflow",
  "edit",
  "versions",
  "runs",
  "a completed run",
  "a refused run",
  "usage",
  "API keys",
  "environment",
  "a page that does not exist",
];

describe("every page is accessible, fits its window and works without a fault", () => {
  test.each(signedOut)("%s", async (path) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await stage.visit({ colorScheme });
      await visited.page.goto(path);
      await inspect(visited.page, `${path}, ${colorScheme}`);
      expect(visited.faults).toEqual([]);
    }
  });

  test.each(signedIn)("%s", async (name) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await stage.visitAsOwner({ colorScheme });
      await visited.page.goto(paths[name] ?? "");
      await inspect(visited.page, `${name}, ${colorScheme}`);
      expect(visited.faults).toEqual([]);
    }
  });

  test("a run that was just watched, with a block opened, and a refusal", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await stage.visitAsOwner({ colorScheme });
      const { page, faults } = visited;
      await page.goto(paths["workflow"] ?? "");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
      await page.getByRole("region", { name: "Blocks" }).getByRole("button").nth(1).click();
      await inspect(page, `watched run, ${colorScheme}`);

      await stage.app.query((sql) => sql`UPDATE payers SET blocked_reason = 'payment_failed'`);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("alert", { name: "Refused" }).waitFor();
      await stage.app.query((sql) => sql`UPDATE payers SET blocked_reason = NULL`);
      await inspect(page, `refusal, ${colorScheme}`);
      expect(faults).toEqual([]);
    }
  });

  test("the dialogs and menus", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await stage.visitAsOwner({ colorScheme });
      const { page, faults } = visited;
      const opened: readonly (readonly [string, string])[] = [
        ["workflows", "New workflow"],
        ["API keys", "New API key"],
        ["versions", "Deploy"],
        ["environment", "Add provider key"],
        ["workflows", "Account"],
        ["workflows", "Workspace: Acme"],
      ];
      for (const [name, button] of opened) {
        await page.goto(paths[name] ?? "");
        await page.getByRole("button", { name: button }).first().click();
        await page.locator("dialog[open], [role=dialog], [role=menu]").first().waitFor();
        await inspect(page, `${button} on ${name}, ${colorScheme}`);
      }
      expect(faults).toEqual([]);
    }
  });
});

describe("without a mouse", () => {
  test("the first Tab offers to skip to the content, and a run starts by Ctrl+Enter", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(paths["workflow"] ?? "");
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
    await page.locator("body").press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page
      .getByRole("form", { name: "Run this workflow" })
      .getByRole("textbox")
      .first()
      .press("Control+Enter");
    await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
    expect(faults).toEqual([]);
  });
});

async function runIdOf(status: string): Promise<string> {
  // A refusal is recorded off the path: it may be a moment late.
  return await until(`a run is ${status}`, async () => {
    const [run] = await stage.app.query(
      (sql) => sql<{ id: string }[]>`SELECT id FROM runs WHERE status = ${status}`,
    );
    return run?.id;
  });
}
