import { describe, expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { execute } from "./harness/rest.ts";
import { setUpStage } from "./harness/stage.ts";

const stage = setUpStage();

describe("people", () => {
  test("sign in with the printed password, and come to the page they had asked for", async () => {
    await using visited = await stage.visit();
    const { page, faults } = visited;
    const { email, password } = stage.app.demo.owner;
    await page.goto("/");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();

    const runs = `${await demoWorkspace(page)}/runs`;
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(runs);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe(runs);
    expect(faults).toEqual([]);
  });

  test("are told when the password is wrong, and stay signed out", async () => {
    await using visited = await stage.visit();
    const { page } = visited;
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(stage.app.demo.owner.email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toMatch(/password/i);
    await page.goto("/");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("sign up, get a workspace of their own, and run a first workflow in it", async () => {
    await using visited = await stage.visit();
    const { page, faults } = visited;
    await page.goto("/sign-up");
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("No workflows yet").waitFor();
    await page.getByRole("button", { name: "New workflow" }).first().click();
    await page.getByRole("dialog").getByLabel("Name").fill("First");
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /create/i })
      .click();
    await page.getByRole("heading", { name: "First" }).waitFor();
    await page.getByRole("link", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("status", { name: "Run status" }).getByText("Completed").waitFor();
    expect(faults).toEqual([]);
  });

  test("do not see what belongs to others: it looks as if it did not exist", async () => {
    await using owner = await stage.visitAsOwner();
    const path = `${await demoWorkspace(owner.page)}/workflows/${stage.app.workflowId("Summarize text")}`;
    await using visited = await stage.visit();
    const { page } = visited;
    await page.request.post("/api/auth/sign-up/email", {
      headers: { origin: stage.app.baseUrl },
      data: { name: "Eve", email: "eve@example.com", password: "a long enough password" },
    });
    await page.goto(path);
    await page
      .getByText(/not found|there is nothing here|does not exist|no such/i)
      .first()
      .waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).count()).toBe(0);
  });
});

describe("an API key", () => {
  test("is shown once, works at once, and stops working when it is revoked", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/keys`);
    await page.getByRole("button", { name: "New API key" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Checkout");
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /create/i })
      .click();
    const secret = await page.getByLabel("API key", { exact: true }).innerText();
    expect(secret).toMatch(/^gty_/);
    await page.getByRole("button", { name: "Done" }).click();

    const workflowId = stage.app.workflowId("Quote calculator");
    expect(await execute(stage.app, workflowId, secret)).toMatchObject({
      status: 200,
      body: { data: { status: "completed" } },
    });
    await page.reload();
    const row = page.getByRole("listitem").filter({ hasText: "Checkout" });
    await row.waitFor();
    expect(await page.content()).not.toContain(secret);

    await row.getByRole("button", { name: "Revoke Checkout" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^revoke/i })
      .click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await execute(stage.app, workflowId, secret)).toMatchObject({
      status: 401,
      body: { error: { code: "UNAUTHENTICATED" } },
    });
    expect(faults).toEqual([]);
  });
});

describe("environment values", () => {
  test("are written, never shown again, and used by the next run", async () => {
    await using visited = await stage.visitAsOwner();
    const { page, faults } = visited;
    const dialog = page.getByRole("dialog");
    await page.goto(`${await demoWorkspace(page)}/environment`);
    await page.getByRole("button", { name: "Remove SUPPORT_SIGNATURE" }).click();
    await dialog.getByRole("button", { name: "Remove value" }).click();
    await dialog.waitFor({ state: "detached" });
    const without = await execute(stage.app, stage.app.workflowId("Support triage"));
    expect(without.body.data).toMatchObject({ status: "failed" });
    expect(JSON.stringify(without.body.data?.["error"])).toContain("SUPPORT_SIGNATURE");

    await page.getByRole("button", { name: "Add workspace value" }).click();
    await dialog.getByLabel("Name").fill("SUPPORT_SIGNATURE");
    await dialog.getByLabel("Value", { exact: true }).fill("hidden-e2e-value");
    await dialog.getByRole("button", { name: /save|add|set/i }).click();
    await dialog.waitFor({ state: "detached" });
    await page.reload();
    await page.getByText("SUPPORT_SIGNATURE").waitFor();
    expect(await page.content()).not.toContain("hidden-e2e-value");
    const answer = await execute(stage.app, stage.app.workflowId("Support triage"));
    expect(answer.body.data).toMatchObject({ status: "completed" });
    expect(JSON.stringify(answer)).not.toContain("hidden-e2e-value");
    expect(faults).toEqual([]);
  });
});
