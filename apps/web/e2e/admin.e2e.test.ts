import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { inspect } from "./harness/inspect.ts";
import { execute } from "./harness/rest.ts";
import { setUpStage } from "./harness/stage.ts";

const stage = setUpStage();

// A run in progress of the demo's organization, whose process hangs: nobody will ever end it.
const runId = "01a20e06-89be-7094-aa2e-9671d350f2f1";
beforeAll(async () => {
  const workflowId = stage.app.workflowId("Quote calculator");
  await stage.app.query(
    (sql) => sql`
      INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, version_id, profile, plan, input,
                         decision, holder, epoch, hold_micros, period_start, counts_for_member, created_at, expires_at,
                         deadline_at)
      SELECT ${runId}, ws.payer_id, w.owner_id, w.workspace_id, w.id, w.active_version_id, 'api', 'free', '{}', '[]',
             'a-process-that-hangs', 1, 5000, date_trunc('month', now()), true, now() - interval '90 seconds',
             now() + interval '1 day', now() + interval '1 day'
        FROM workflows w JOIN workspaces ws ON ws.id = w.workspace_id WHERE w.id = ${workflowId}`,
  );
});

const run = () => execute(stage.app, stage.app.workflowId("Quote calculator"));
const runWithModel = () => execute(stage.app, stage.app.workflowId("Pros and cons"));

async function openAccount(page: Page, name: string): Promise<void> {
  await page.goto("/admin/payers");
  await page.getByRole("searchbox").fill(name.toLowerCase());
  await page.waitForURL(/search=/);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

describe("an admin", () => {
  test("finds the way from the menu, bans an organization with a reason and an end, and lifts the ban", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    expect((await run()).status).toBe(200);
    await page.goto("/");
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Admin" }).click();
    await page.getByRole("heading", { name: "Users", level: 1 }).waitFor();

    await openAccount(page, "Acme");
    await page.getByRole("button", { name: "Ban", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Ban Acme?" });
    await dialog.getByLabel("Reason").fill("chargebacks, see ticket 4711");
    await dialog.getByLabel("Ends").selectOption("In 30 days");
    await dialog.getByRole("button", { name: "Ban", exact: true }).click();
    await page.getByText("Acme is banned.").waitFor();
    await page.getByRole("note").getByText("chargebacks, see ticket 4711").waitFor();
    const refused = await run();
    expect(refused).toMatchObject({ status: 403, body: { error: { code: "ACCOUNT_SUSPENDED" } } });
    expect(JSON.stringify(refused.body)).not.toContain("4711");

    await page.getByRole("button", { name: "Lift ban" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Lift ban" }).click();
    await page.getByText("The ban of Acme is lifted.").waitFor();
    expect((await run()).status).toBe(200);
    const history = page.getByRole("region", { name: "History" }).getByRole("listitem");
    expect(await history.first().innerText()).toMatch(/Demo Owner lifted the ban of acme-demo/);
    expect(faults).toEqual([]);
  });

  test("changes a payer's plan, limits and shadow limits, which hold from the next run on", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openAccount(page, "Acme");
    await page.getByRole("button", { name: "Change plan" }).click();
    const plan = page.getByRole("dialog");
    await plan.getByRole("combobox").selectOption("Team");
    await plan.getByLabel("Seats").fill("3");
    await plan.getByRole("button", { name: "Change plan" }).click();
    await page.getByText("Acme is on the Team plan.").waitFor();
    await page.getByText(/^Team, 3 seats\./).waitFor();

    await page.getByRole("button", { name: "Change limits" }).click();
    const limits = page.getByRole("dialog");
    await limits.getByLabel("Runs at once").fill("1");
    await limits.getByRole("button", { name: "Change limits" }).click();
    await page.getByRole("row", { name: /^Runs at once 1 slot / }).waitFor();
    // The one that hangs has it.
    expect(await run()).toMatchObject({ status: 429, body: { error: { code: "CONCURRENCY_LIMIT" } } });

    await page.getByRole("button", { name: "Change shadow limits" }).click();
    const shadow = page.getByRole("dialog");
    await shadow.getByLabel("Runs per minute").fill("5");
    await shadow.getByRole("button", { name: "Change shadow limits" }).click();
    await page.getByText("5 per minute, background runs included").waitFor();
    await page.goto("/admin/shadow");
    await page.getByText("Rehearsed: 5 runs per minute.").waitFor();
    expect(faults).toEqual([]);
  });

  test("frees the slot of a run that hangs, whose payer runs on and whose run is lost", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto("/admin/slots");
    const slots = page.getByRole("region", { name: "Slots of Acme" });
    const row = slots.getByRole("row", { name: /Quote calculator/ });
    const text = await row.innerText();
    for (const part of [runId, "a-process-that-hangs", "min", "$0.005"]) expect(text).toContain(part);
    await row.getByRole("button", { name: `Free the slot of run ${runId}` }).click();
    const dialog = page.getByRole("dialog", { name: "Free the slot of Quote calculator?" });
    await dialog.getByRole("button", { name: "Free slot" }).click();
    await page.getByText("The slot of Quote calculator is free; its run is lost.").waitFor();
    await page.getByText("No runs in progress").waitFor();
    const [stored] = await stage.app.query((sql) => sql`SELECT status FROM runs WHERE id = ${runId}`);
    expect(stored).toEqual({ status: "lost" });
    expect((await run()).status).toBe(200);
    expect(faults).toEqual([]);
  });

  test("sees which provider keys the process uses, by fingerprint, and that a new call shows without a reload", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto("/admin/slots");
    await page.getByRole("link", { name: "Providers" }).click();
    await page.getByText("No provider was called of late").waitFor();
    await page.getByText("As seen by the process that answered:").waitFor();
    expect((await runWithModel()).status).toBe(200);
    const row = page
      .getByRole("region", { name: "Keys", exact: true })
      .getByRole("row", { name: /Anthropic/ });
    expect(await row.innerText()).toMatch(
      /[0-9a-f]{12}\s+the operator's\s+1\s+0\s+shared\s+(just now|\d+ sec)/,
    );
    const shared = page.getByRole("region", { name: "Shared connections" });
    await shared.getByRole("row", { name: /^https:\/\/127\.0\.0\.1:\d+ [1-9]/ }).waitFor();
    expect(await page.content()).not.toContain("local-");
    expect(faults).toEqual([]);
  });

  test("reads all of it in the audit log, and by subject", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto("/admin/audit");
    const entries = page.getByRole("main").getByRole("listitem");
    await entries.first().waitFor();
    const texts = (await entries.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
    expect(texts).toEqual([
      expect.stringMatching(/Demo Owner freed the slot of a run of Quote calculator/),
      expect.stringMatching(/set the shadow limits of acme-demo Runs per minute none → became 5/),
      expect.stringMatching(/set the limits of acme-demo Runs at once none → became 1/),
      expect.stringMatching(/set the plan of acme-demo Plan free → became team, 3 seats/),
      expect.stringMatching(/lifted the ban of acme-demo/),
      expect.stringMatching(/banned acme-demo Reason chargebacks/),
      expect.stringMatching(/The operator set the role of demo@gantry.local Role user → became admin/),
    ]);
    await page.getByRole("link", { name: "demo@gantry.local" }).click();
    await page.getByText("Only what was done to demo@gantry.local, newest first.").waitFor();
    expect(await entries.count()).toBe(1);
    expect(faults).toEqual([]);
  });
});

describe.each(["light", "dark"] as const)("in %s, wide and narrow, without a fault", (colorScheme) => {
  test.each(["users", "payers", "slots", "providers", "shadow", "audit"])("%s", async (path) => {
    await using visited = await stage.visitAsOwner({ colorScheme });
    await visited.page.goto(`/admin/${path}`);
    await inspect(visited.page, `/admin/${path}, ${colorScheme}`);
    expect(visited.faults).toEqual([]);
  });

  test("an account and its dialogs", async () => {
    await using visited = await stage.visitAsOwner({ colorScheme });
    const { page, faults } = visited;
    await openAccount(page, "Acme");
    await inspect(page, `an account, ${colorScheme}`);
    for (const button of ["Ban", "Change limits"]) {
      await page.getByRole("button", { name: button, exact: true }).click();
      await page.getByRole("dialog").waitFor();
      await inspect(page, `${button} on an account, ${colorScheme}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    expect(faults).toEqual([]);
  });
});

describe("anybody else", () => {
  test("is shown no way to the admin pages, and finds nothing there", async () => {
    await using visited = await stage.visit();
    const { page, faults } = visited;
    await page.request.post("/api/auth/sign-up/email", {
      headers: { origin: stage.app.baseUrl },
      data: { name: "Eve", email: "eve@example.com", password: "a long enough password" },
    });
    await page.goto("/");
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    expect(await page.getByRole("menuitem", { name: "Admin" }).count()).toBe(0);
    for (const path of ["", "/users", "/audit", "/accounts/user/none"]) {
      await page.goto(`/admin${path}`);
      await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
    }
    // Not even asked for.
    expect(faults).toEqual([]);
  });
});
