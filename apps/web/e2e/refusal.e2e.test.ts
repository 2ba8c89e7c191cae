import { describe, expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { execute } from "./harness/rest.ts";
import { setUpStage } from "./harness/stage.ts";

const stage = setUpStage();

describe("a refusal", () => {
  test("in the editor says what was asked, what the limit is and what to do, and shows which gate it was", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await stage.app.query((sql) => sql`UPDATE payers SET usage_limit_micros = 1000`);
    await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId("Quote calculator")}`);
    await page.getByRole("button", { name: "Run", exact: true }).click();

    const refused = page.getByRole("alert", { name: "Refused" });
    await refused.waitFor();
    const text = await refused.innerText();
    expect(text).toContain("USAGE_LIMIT_EXCEEDED");
    expect(text).toContain("$0 of $0.001 is used.");
    for (const part of ["You asked", "The limit", "What to do"]) expect(text).toContain(part);
    const gates = page.getByRole("list", { name: "Gates" });
    await gates.getByRole("listitem", { name: /^Payer: Passed/ }).waitFor();
    const usage = gates.getByRole("listitem", { name: /^Usage: Refused/ });
    expect(await usage.innerText()).toContain("set by an operator for this account");
    for (const later of ["Rate", "Concurrency", "Hold"]) {
      await gates.getByRole("listitem", { name: new RegExp(`^${later}: Not (reached|required)`) }).waitFor();
    }

    await refused.getByRole("link", { name: "See usage and limits" }).click();
    await page.getByRole("heading", { name: "Usage", exact: true }).waitFor();
    await stage.app.query((sql) => sql`UPDATE payers SET usage_limit_micros = NULL`);
    expect(faults).toEqual([]);
  });

  test("of one model call is told in the run and in its block like the refusal of a run", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId("Summarize text")}`);
    // Room for the first hold, and not for a call of so long a prompt.
    await stage.app.query((sql) => sql`UPDATE payers SET usage_limit_micros = 60000`);
    await page.getByLabel("text", { exact: true }).fill("x".repeat(70_000));
    await page.getByRole("button", { name: "Run", exact: true }).click();

    const refused = page.getByRole("alert", { name: "Refused" });
    await refused.waitFor();
    const text = await refused.innerText();
    expect(text).toContain("402 USAGE_LIMIT_EXCEEDED");
    expect(text).toMatch(/To make one more model call, which needs \$0\.0\d+ beyond what the run holds\./);
    expect(text).toContain("$0 is used and $0.055 is held of $0.06, this run included.");
    await page.getByRole("status", { name: "Run status" }).getByText("Failed").waitFor();
    await page.getByRole("button", { name: /^Summarize Failed/ }).click();
    const inBlock = page
      .getByRole("region", { name: "Summarize in detail" })
      .getByRole("note", { name: "Refused" });
    expect(await inBlock.innerText()).toContain("402 USAGE_LIMIT_EXCEEDED");

    await stage.app.query((sql) => sql`UPDATE payers SET usage_limit_micros = NULL`);
    await page.getByRole("link", { name: "Open run" }).click();
    await page.getByRole("heading", { name: "Run of Summarize text" }).waitFor();
    expect(await refused.innerText()).toContain("this run included");
    expect(faults).toEqual([]);
  });

  test("by the run's own cost limit says which that was, and the run is charged for its start only", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId("Summarize text")}`);
    await page.getByLabel("Cost limit for this run").fill("0.006");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const refused = page.getByRole("alert", { name: "Refused" });
    await refused.waitFor();
    expect(await refused.innerText()).toMatch(
      /RUN_COST_LIMIT.*\$0\.001 is left of the run's own limit of \$0\.006/s,
    );
    const status = page.getByRole("status", { name: "Run status" });
    await status.locator("xpath=..").getByText("$0.005").waitFor();
    expect(faults).toEqual([]);
  });

  test("of an API call has its status and code, and is found in the list of runs with its reason", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    const workflowId = stage.app.workflowId("Support triage");
    const workspace = await demoWorkspace(page);
    await page.goto(`${workspace}/workflows/${workflowId}/versions`);
    await page.getByRole("button", { name: "Undeploy" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Undeploy" }).click();
    await page.getByText("Not deployed", { exact: true }).first().waitFor();

    const answer = await execute(stage.app, workflowId);
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
