import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { setUpStage } from "./harness/stage.ts";

const stage = setUpStage();

test("the page says whose keys are used and why, as keys of the organization and of the workspace come and go", async () => {
  await using visited = await stage.visitAsOwner();
  const { page, faults } = visited;
  await page.goto(`${await demoWorkspace(page)}/environment`);
  const section = page.getByRole("region", { name: "Provider keys" });
  const says = (sentence: string) => section.getByText(sentence, { exact: true }).waitFor();

  await says("Neither this workspace nor Acme has a key of its own, so model calls use the operator's.");
  await add(page, "Add key of Acme", "Acme's first", "sk-ant-e2e-organization-1111");
  await says("This workspace has no key of its own, so model calls use the key of Acme.");
  await add(page, "Add key of Acme", "Acme's second", "sk-ant-e2e-organization-2222");
  await says("This workspace has no key of its own, so model calls take the 2 keys of Acme in turn.");
  await add(page, "Add provider key", "Our own", "sk-ant-e2e-workspace-3333");
  await says("Model calls use this workspace's own key; those of Acme are not used here.");

  await page.reload();
  await section.getByText("...3333").waitFor();
  expect(await page.content()).not.toContain("sk-ant-e2e");
  for (const name of ["Our own", "Acme's first"]) {
    await section.getByRole("button", { name: `Revoke ${name}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Revoke key" }).click();
    await dialog.waitFor({ state: "detached" });
  }
  await says("This workspace has no key of its own, so model calls use the key of Acme.");
  expect(faults).toEqual([]);
});

async function add(page: Page, button: string, name: string, secret: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Key", { exact: true }).fill(secret);
  await dialog.getByRole("button", { name: "Add key", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}
