import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { inspect } from "./harness/inspect.ts";
import { until } from "./harness/process.ts";
import { setUpStage } from "./harness/stage.ts";

const gates = [
  "Principal: Passed. Signed in",
  "Workflow: Passed. Found",
  "Permission: Passed. Level: admin",
  "Deployment: Not required. A run from the editor uses the draft",
  "Ban: Passed. Nobody involved is suspended",
  "Payer: Passed. Organization, free plan",
  "Usage: Passed. $0 used of $5.00",
  "Rate: Not required. Runs from the editor take no token",
  "Concurrency: Passed. 10 of 10 slots free",
  "Hold: Passed. $0.055 held for this run",
];

const stage = setUpStage();

describe("the editor", () => {
  test("explains a run gate by gate, and spends nothing by it", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Summarize text");
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await page.getByText("This run would start now. 9 more like it could start.").waitFor();
    expect(await labels(gateItems(page))).toEqual(gates);
    expect(await gateText(page, "Concurrency")).toMatch(/from the free plan.*room for 10 such runs/s);
    expect(await gateText(page, "Hold")).toMatch(
      /\$5\.00 of \$5\.00 free.*from the free plan.*90 runs of \$0\.055/s,
    );

    const rows = await stage.app.query(
      (sql) =>
        sql`SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM slots) + (SELECT count(*) FROM ledger_entries) AS rows`,
    );
    expect(Number(rows[0]?.["rows"])).toBe(0);
    expect(faults).toEqual([]);
  });

  test("shows a run as it happens: gates, the text while it is written, blocks, output, cost", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Summarize text");
    const said = Array.from({ length: 60 }, (_, index) => `word${index}`);
    await page.getByLabel("text", { exact: true }).fill(`[[say ${said.join(" ")}]] [[pace 50]]`);
    await page.getByRole("button", { name: "Run", exact: true }).click();

    const output = page.getByRole("region", { name: "Output" });
    const status = page.getByRole("status", { name: "Run status" });
    const firstWords = output.getByText("word3");
    await firstWords.waitFor();
    expect(await output.innerText()).not.toContain(said.at(-1));
    expect(await status.innerText()).toBe("Running");
    await page.getByRole("group", { name: "Summarize, Agent block, running" }).waitFor();
    await page.getByRole("group", { name: "Response, Response block, pending" }).waitFor();
    expect((await labels(gateItems(page))).map(gateName)).toEqual(gates.map(gateName));

    await status.getByText("Completed").waitFor();
    expect(await output.innerText()).toContain(said.join(" "));
    for (const block of ["Start, Start block", "Summarize, Agent block", "Response, Response block"]) {
      await page.getByRole("group", { name: `${block}, completed` }).waitFor();
    }
    const blocks = page.getByRole("region", { name: "Blocks" });
    await blocks.getByRole("button", { name: /^Summarize Completed in [\d.]+ s \$0\.\d+/ }).click();
    const detail = page.getByRole("region", { name: "Summarize in detail" });
    expect(await detail.getByRole("figure", { name: "Input" }).innerText()).toContain("Summarize this");
    expect(await detail.getByRole("figure", { name: "Output" }).innerText()).toContain("word59");
    expect(faults).toEqual([]);
  });

  test("shows what an agent asks, and after the run its tool calls with what they were given and gave", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Order desk");
    const asks = "Anthropic claude-haiku-4-5, then claude-sonnet-5, with 2 tools";
    await page.getByRole("group", { name: `Order desk, Agent block, ${asks}` }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();

    await page
      .getByRole("region", { name: "Blocks" })
      .getByRole("button", { name: /^Order desk/ })
      .click();
    const detail = page.getByRole("region", { name: "Order desk in detail" });
    await detail.getByText(`Asks ${asks}. Anthropic claude-haiku-4-5 answered in 2 rounds.`).waitFor();
    const calls = detail.getByRole("region", { name: "Tool calls" }).getByRole("listitem");
    expect(await calls.count()).toBe(2);
    const [order, quote] = [calls.nth(0), calls.nth(1)];
    await order.getByText("find_order").click();
    expect(await order.getByRole("figure", { name: "Arguments" }).innerText()).toContain("A-1042");
    expect(await order.getByRole("figure", { name: "Result" }).innerText()).toContain("shipped");
    await quote.getByText("quote_price").click();
    expect(await quote.getByRole("figure", { name: "Result" }).innerText()).toContain('"status": "final"');
    await inspect(page, "an agent's tool calls");
    expect(faults).toEqual([]);
  });

  test("tells of a provider that fails what it said and what helps, and marks an answer that was refused", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Summarize text");
    const text = page.getByLabel("text", { exact: true });
    const run = page.getByRole("button", { name: "Run", exact: true });
    const status = page.getByRole("status", { name: "Run status" });
    await text.fill("[[error 429 retry-after=600]]");
    await run.click();
    await status.getByText("Failed").waitFor();
    const failure = await page.getByRole("region", { name: "Output" }).getByRole("alert").innerText();
    expect(failure).toMatch(/The rate limit of Anthropic is reached\..*the same run can succeed later/s);

    await text.fill("[[refuse]]");
    await run.click();
    await status.getByText("Completed").waitFor();
    const refused = "The model, or its provider's filter, refused to answer.";
    await page
      .getByRole("region", { name: "Blocks" })
      .getByRole("button", { name: `Summarize ${refused}` })
      .click();
    const detail = page.getByRole("region", { name: "Summarize in detail" });
    await detail.getByRole("note").getByText(refused).waitFor();
    await inspect(page, "a refused answer");
    expect(faults).toEqual([]);
  });

  test("cancels a run on request, and the run ends as cancelled", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Summarize text");
    await page.getByLabel("text", { exact: true }).fill("[[hang]]");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("group", { name: "Summarize, Agent block, running" }).waitFor();
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("status", { name: "Run status" }).getByText("Cancelled").waitFor();
    expect(faults).toEqual([]);
  });

  test("takes a cost limit in dollars for one run, and names what is wrong with it", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Quote calculator");
    const limit = page.getByLabel("Cost limit for this run");
    expect(await limit.inputValue()).toBe("");
    await limit.fill("ten");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("alert").getByText("Enter dollars, such as 0.25.").waitFor();
    expect(await gateItems(page).count()).toBe(0);

    await limit.fill("$0.03");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
    expect(await limit.inputValue()).toBe("");
    expect(faults).toEqual([]);
  });

  test("names a problem of the input at its field, and starts nothing", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Summarize text");
    await page.getByLabel("sentences").fill("many");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("form", { name: "Run this workflow" }).getByRole("alert").waitFor();
    expect(await gateItems(page).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test("lets every demo workflow run to its end as it is", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    for (const { name } of stage.app.demo.workflows) {
      await openWorkflow(page, name);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
      const output = await page.getByRole("region", { name: "Output" }).innerText();
      expect(output.length).toBeGreaterThan("Output".length);
    }
    expect(faults).toEqual([]);
  });
});

describe("a run afterwards", () => {
  test("is in the list of runs, and its page shows what the run showed", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await openWorkflow(page, "Quote calculator");
    await page.getByLabel("quantity").fill("7");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const open = page.getByRole("link", { name: "Open run" });
    await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
    const runId = (await open.getAttribute("href"))?.split("/").at(-1) ?? "";
    const output = page.getByRole("region", { name: "Output" });
    const live = await output.innerText();
    expect(live).toContain("final");

    await page.getByRole("link", { name: "Runs" }).click();
    const row = page.getByRole("row", { name: /^Completed Quote calculator Draft Editor/ }).first();
    await row.getByRole("link").click();
    await page.getByRole("heading", { name: "Run of Quote calculator" }).waitFor();
    expect(page.url()).toContain(runId);
    expect(await gateItems(page).count()).toBe(gates.length);
    expect(await page.getByRole("figure", { name: "Given" }).innerText()).toContain('"quantity": 7');
    const payer = await page.getByRole("region", { name: "Payer" }).innerText();
    expect(payer).toMatch(/Acme, organization.*free.*\$5\.00/s);
    const cost = await page.getByRole("region", { name: "Cost" }).innerText();
    expect(cost).toContain("$0.005 was held at the start, and all of it was spent.");
    expect(await output.innerText()).toBe(live);
    await page.getByRole("group", { name: /^Price, Function block, completed/ }).waitFor();
    expect(faults).toEqual([]);
  });

  test("has left its cost on the usage page, and holds nothing any more", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/usage`);
    const period = page.getByRole("region", { name: "This period" });
    const settled = period.locator("dd").first();
    await settled.waitFor();
    expect(await settled.innerText()).toMatch(/^\$0\.0[1-9]/);
    const held = await until("the last run's hold is released", async () => {
      await page.reload();
      await settled.waitFor();
      return (await period.locator("dd").nth(1).innerText()) === "$0";
    });
    expect(held).toBe(true);
    expect(faults).toEqual([]);
  });
});

async function openWorkflow(page: Page, name: string): Promise<void> {
  await page.goto(`${await demoWorkspace(page)}/workflows/${stage.app.workflowId(name)}`);
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
}

function gateItems(page: Page): Locator {
  return page.getByRole("list", { name: "Gates" }).getByRole("listitem");
}

function gateText(page: Page, gate: string): Promise<string> {
  return gateItems(page)
    .and(page.getByRole("listitem", { name: new RegExp(`^${gate}:`) }))
    .innerText();
}

function gateName(label: string): string {
  return label.split(":")[0] ?? "";
}

async function labels(items: Locator): Promise<string[]> {
  await items.first().waitFor();
  return items.evaluateAll((elements) => elements.map((element) => element.getAttribute("aria-label") ?? ""));
}
