import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "./harness/app.ts";
import { demoWorkspace, openBrowser, visitAsOwner } from "./harness/browser.ts";
import { execute } from "./harness/rest.ts";

let app: App;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

describe("a refusal", () => {
  test("in the editor says what was asked, what the limit is and what to do, and shows which gate it was", async () => {
    await using visited = await visitAsOwner(browser, app);
    const { page, faults } = visited;
    await app.query((sql) => sql`UPDATE payers SET usage_limit_micros = 1000`);
    await page.goto(`${await demoWorkspace(page)}/workflows/${app.workflowId("Quote calculator")}`);
    await page.getByRole("button", { name: "Run", exact: true }).click();

    const refused = page.getByRole("alert", { name: "Refused" });
    await refused.waitFor();
    const text = await refused.innerText();
    expect(text).toContain("USAGE_LIMIT_EXCEEDED");
    expect(text).toContain("$0 of $0.001 is used.");
    for (const part of ["You asked", "The limit", "What to do"]) expect(text).toContain(part);
    const gates = page.getByRole("list", { name: "Gates" });
    await gates.getByRole("listitem", { name: /^Payer: Passed/ }).waitFor();
    await gates.getByRole("listitem", { name: /^Usage: Refused/ }).waitFor();
    for (const later of ["Rate", "Concurrency", "Hold"]) {
      await gates.getByRole("listitem", { name: new RegExp(`^${later}: Not (reached|required)`) }).waitFor();
    }

    await refused.getByRole("link", { name: "See usage and limits" }).click();
    await page.getByRole("heading", { name: "Usage", exact: true }).waitFor();
    await app.query((sql) => sql`UPDATE payers SET usage_limit_micros = NULL`);
    expect(faults).toEqual([]);
  });

  test("of an API call has its status and code, and is found in the list of runs with its reason", async () => {
    await using visited = await visitAsOwner(browser, app);
    const { page, faults } = visited;
    const workflowId = app.workflowId("Support triage");
    const workspace = await demoWorkspace(page);
    await page.goto(`${workspace}/workflows/${workflowId}/versions`);
    await page.getByRole("button", { name: "Undeploy" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Undeploy" }).click();
    await page.getByText("Not deployed", { exact: true }).first().waitFor();

    const answer = await execute(app, workflowId);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ error: { code: "WORKFLOW_NOT_DEPLOYED" } });

    await page.goto(`${workspace}/runs`);
    await page.getByLabel("Status").selectOption("Refused");
    const row = page.getByRole("row", { name: /^Refused.*Support triage/ });
    await row.waitFor();
    expect(await row.innerText()).toContain("Not deployed");
    await row.getByRole("link").click();
    const refused = page.getByRole("alert", { name: "Refused" });
    await refused.getByRole("link", { name: "Go to versions" }).waitFor();
    expect(await refused.innerText()).toContain("403 WORKFLOW_NOT_DEPLOYED");
    await page
      .getByRole("list", { name: "Gates" })
      .getByRole("listitem", { name: /^Deployment: Refused/ })
      .waitFor();
    expect(faults).toEqual([]);
  });
});
