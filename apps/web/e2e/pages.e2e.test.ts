import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "./harness/app.ts";
import { demoWorkspace, narrow, openBrowser, visit, visitAsOwner, wide } from "./harness/browser.ts";
import { execute } from "./harness/rest.ts";

let app: App;
let browser: Browser;
/** The paths below, once the demo's ids are known. */
let paths: Readonly<Record<string, string>>;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  const completed = await execute(app, app.workflowId("Support triage"));
  await app.query((sql) => sql`UPDATE payers SET blocked_reason = 'payment_failed'`);
  const refused = await execute(app, app.workflowId("Support triage"));
  if (completed.status !== 200 || refused.status !== 402)
    throw new Error(JSON.stringify([completed, refused]));
  await app.query((sql) => sql`UPDATE payers SET blocked_reason = NULL`);
  await using owner = await visitAsOwner(browser, app);
  const workspace = await demoWorkspace(owner.page);
  const workflow = `${workspace}/workflows/${app.workflowId("Support triage")}`;
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

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
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
      await using visited = await visit(browser, app, { colorScheme });
      await visited.page.goto(path);
      await inspect(visited.page, `${path}, ${colorScheme}`);
      expect(visited.faults).toEqual([]);
    }
  });

  test.each(signedIn)("%s", async (name) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await visitAsOwner(browser, app, { colorScheme });
      await visited.page.goto(paths[name] ?? "");
      await inspect(visited.page, `${name}, ${colorScheme}`);
      expect(visited.faults).toEqual([]);
    }
  });

  test("a run that was just watched, with a block opened, and a refusal", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await visitAsOwner(browser, app, { colorScheme });
      const { page, faults } = visited;
      await page.goto(paths["workflow"] ?? "");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
      await page.getByRole("region", { name: "Blocks" }).getByRole("button").nth(1).click();
      await inspect(page, `watched run, ${colorScheme}`);

      await app.query((sql) => sql`UPDATE payers SET blocked_reason = 'payment_failed'`);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("alert", { name: "Refused" }).waitFor();
      await app.query((sql) => sql`UPDATE payers SET blocked_reason = NULL`);
      await inspect(page, `refusal, ${colorScheme}`);
      expect(faults).toEqual([]);
    }
  });

  test("the dialogs and menus", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await using visited = await visitAsOwner(browser, app, { colorScheme });
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
    await using visited = await visitAsOwner(browser, app);
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

/** Nothing serious for axe, in a wide window and in a narrow one, and nothing that scrolls sideways. */
async function inspect(page: Page, what: string): Promise<void> {
  for (const viewport of [narrow, wide]) {
    await page.setViewportSize(viewport);
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
    expect(serious, `${what} at ${viewport.width} px`).toEqual([]);
    const overhang = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overhang, `${what} at ${viewport.width} px scrolls sideways`).toBe(0);
  }
}

/** Waits until the page has its heading and title, and nothing is loading or moving any more. */
async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForFunction(() => document.title.includes("Gantry"));
  await page.waitForFunction(() => document.querySelector('[aria-label^="Loading"]') === null);
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== "running"),
  );
}

async function runIdOf(status: string): Promise<string> {
  // A refusal is recorded off the path: it may be a moment late.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const rows = await app.query((sql) => sql`SELECT id FROM runs WHERE status = ${status}`);
    const id: unknown = rows[0]?.["id"];
    if (typeof id === "string") return id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no run is ${status}`);
}
