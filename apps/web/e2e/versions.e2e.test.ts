import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { execute } from "./harness/rest.ts";
import { setUpStage } from "./harness/stage.ts";

const stage = setUpStage();

describe("versions", () => {
  test("rolling back makes the older version serve the very next API call", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openVersions(page, "Summarize text");
    expect(await versionOfNextRun(page)).toBe(2);

    await openVersions(page, "Summarize text");
    await page.getByRole("button", { name: "Roll back to version 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back to version 1" }).click();
    await page.getByRole("status").getByText("Version 1 is active.").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Version 1" }).getByText("Active").waitFor();
    expect(await versionOfNextRun(page)).toBe(1);

    await openVersions(page, "Summarize text");
    await page.getByRole("button", { name: "Activate version 2" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Activate version 2" }).click();
    await page.getByRole("status").getByText("Version 2 is active.").waitFor();
    expect(faults).toEqual([]);
  });

  test("say what a run of each can cost, and so does deploying the draft", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openVersions(page, "Summarize text");
    const perCall =
      "What models read depends on data: each call is bounded before it is made (first hold $0.05)";
    for (const version of ["Version 1", "Version 2"]) {
      await page.getByRole("listitem").filter({ hasText: version }).getByText(perCall).waitFor();
    }

    await openVersions(page, "Quote calculator");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByRole("dialog").getByText("A run pays for no model calls.").waitFor();
    expect(faults).toEqual([]);
  });

  test("a changed draft is saved, deployed as the next version, and served at once", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    const workflowId = stage.app.workflowId("Quote calculator");
    await page.goto(`${await demoWorkspace(page)}/workflows/${workflowId}/edit`);
    const editor = page.getByRole("textbox", { name: "Draft definition" });
    const draft = (await editor.inputValue()).replace("needs approval", "asks the boss");
    await editor.fill(draft.replace('"default": 120', '"default": 1200'));
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("status").getByText("Saved, revision 2").waitFor();

    await openVersions(page, "Quote calculator");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByRole("textbox", { name: "Note" }).fill("Words of the boss");
    await page.getByRole("dialog").getByRole("button", { name: "Deploy now" }).click();
    await page.getByRole("listitem").filter({ hasText: "Words of the boss" }).getByText("Active").waitFor();
    const answer = await execute(stage.app, workflowId);
    expect(answer.body.data).toMatchObject({ status: "completed", output: { status: "asks the boss" } });
    expect(faults).toEqual([]);
  });

  test("the fields of a block write into the draft, wherever in them and however fast somebody types", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId("Summarize text")}/edit`);
    await page.getByRole("group", { name: /^Summarize, Agent block/ }).click();
    const model = page.getByLabel("Model", { exact: true });
    await model.fill("ab-yz");
    await model.press("Home");
    await model.press("ArrowRight");
    await model.press("ArrowRight");
    await model.pressSequentially("0123456789");
    expect(await model.inputValue()).toBe("ab0123456789-yz");
    await page.getByLabel("Provider", { exact: true }).selectOption("Groq");
    await page.getByLabel("Cache the prompt").check();
    const draft = page.getByRole("textbox", { name: "Draft definition" });
    expect(await draft.inputValue()).toMatch(
      /"provider": "groq",\s+"model": "ab0123456789-yz"[^}]*"cachePrompt": true/,
    );
    await page.getByLabel("Cache the prompt").uncheck();
    expect(await draft.inputValue()).not.toContain("cachePrompt");
    await draft.fill((await draft.inputValue()).replace('"groq"', '"nobody"'));
    await page.getByRole("region", { name: "Problems" }).getByText("provider must be").waitFor();
    expect(await page.getByLabel("Provider", { exact: true }).inputValue()).toBe("nobody");
    expect(faults).toEqual([]);
  });

  test("a draft with a problem names it at once and cannot be deployed", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId("Pros and cons")}/edit`);
    const editor = page.getByRole("textbox", { name: "Draft definition" });
    await editor.fill((await editor.inputValue()).replace("<Pros.text>", "<Prose.text>"));
    const problems = page.getByRole("region", { name: "Problems" });
    await problems.getByText("Prose").first().waitFor();
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("status").getByText("Saved, revision 2").waitFor();
    expect(faults).toEqual([]);

    await openVersions(page, "Pros and cons");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    const dialog = page.getByRole("dialog");
    const deploy = dialog.getByRole("button", { name: "Deploy now" });
    if (await deploy.isEnabled()) await deploy.click();
    await dialog.getByText("Prose").first().waitFor();
    const versions = await stage.app.query(
      (sql) => sql`
      SELECT count(*) AS number FROM workflow_versions WHERE workflow_id = ${stage.app.workflowId("Pros and cons")}`,
    );
    expect(Number(versions[0]?.["number"])).toBe(1);
  });
});

async function openVersions(page: Page, name: string): Promise<void> {
  await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId(name)}/versions`);
  await page.getByRole("region", { name: "Versions" }).getByRole("listitem").first().waitFor();
}

/** Runs "Summarize text" over the API and reads from the run's page which version that was. */
async function versionOfNextRun(page: Page): Promise<number> {
  const answer = await execute(stage.app, stage.app.workflowId("Summarize text"));
  expect(answer.body.data).toMatchObject({ status: "completed" });
  await page.goto(`${await demoWorkspace(page)}/runs/${String(answer.body.data?.["runId"])}`);
  const version = page.locator("dt", { hasText: /^Version$/ }).locator("xpath=following-sibling::dd[1]");
  return Number((await version.innerText()).replaceAll(/\D/g, ""));
}
