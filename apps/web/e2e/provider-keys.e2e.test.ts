import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demoWorkspace } from "./harness/browser.ts";
import { inspect } from "./harness/inspect.ts";
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
  await says("Calls to Anthropic use the key of Acme.");
  await says("Calls to every other provider use the operator's key.");
  await add(page, "Add key of Acme", "Acme's second", "sk-ant-e2e-organization-2222");
  await says("Calls to Anthropic take the 2 keys of Acme in turn.");
  await add(page, "Add provider key", "Our own", "sk-ant-e2e-workspace-3333");
  await says("Calls to Anthropic use this workspace's own key; those of Acme are not used here.");

  await page.reload();
  await section.getByText("...3333").waitFor();
  expect(await page.content()).not.toContain("sk-ant-e2e");
  for (const name of ["Our own", "Acme's first"]) {
    await section.getByRole("button", { name: `Revoke ${name}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Revoke key" }).click();
    await dialog.waitFor({ state: "detached" });
  }
  await says("Calls to Anthropic use the key of Acme.");
  expect(faults).toEqual([]);
});

test("a key of another provider has fields of its own, each told what is wrong with it, and is listed by its region", async () => {
  await using visited = await stage.visitAsOwner();
  const { page, faults } = visited;
  await page.goto(`${await demoWorkspace(page)}/environment`);
  await page.getByRole("button", { name: "Add provider key" }).click();
  const dialog = page.getByRole("dialog");
  const field = (label: string) => dialog.getByLabel(label, { exact: true });
  await field("Provider").selectOption("Amazon Bedrock");
  await field("Name").fill("Our Bedrock");
  await field("Region").fill("us-east-1.evil.example");
  await field("Access key id").fill("AKIAE2EE2EE2EE2E4444");
  await field("Secret access key").fill("short");
  await dialog.getByRole("button", { name: "Add key", exact: true }).click();
  await dialog.getByText("The region must be one of AWS, such as us-east-1.").waitFor();
  for (const label of ["Region", "Secret access key"]) {
    expect(await field(label).getAttribute("aria-invalid")).toBe("true");
  }
  expect(await field("Access key id").getAttribute("aria-invalid")).toBeNull();
  await inspect(page, "the dialog with problems");

  await field("Region").fill("us-east-1");
  await field("Secret access key").fill("e2e-secret-access-key-of-bedrock");
  await dialog.getByRole("button", { name: "Add key", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  const section = page.getByRole("region", { name: "Provider keys" });
  await section.getByText("Amazon Bedrock · ...4444 · us-east-1").waitFor();
  await section.getByText("Calls to Amazon Bedrock use this workspace's own key.").waitFor();
  expect(await page.content()).not.toContain("e2e-secret");
  // The first attempt was refused, and that is all.
  expect(faults).toEqual([
    expect.stringMatching(/^400 .*providerKey\.add/),
    expect.stringMatching(/^console: .*400/),
  ]);
});

describe.each(["light", "dark"] as const)("in %s, wide and narrow, without a fault", (colorScheme) => {
  test.each(["Azure Anthropic", "OpenAI", "vLLM"])("the dialog for %s", async (provider) => {
    await using visited = await stage.visitAsOwner({ colorScheme });
    const { page, faults } = visited;
    await page.goto(`${await demoWorkspace(page)}/environment`);
    await page.getByRole("button", { name: "Add provider key" }).click();
    await page.getByRole("dialog").getByLabel("Provider", { exact: true }).selectOption(provider);
    await inspect(page, `the dialog for ${provider}, ${colorScheme}`);
    expect(faults).toEqual([]);
  });
});

async function add(page: Page, button: string, name: string, secret: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("API key", { exact: true }).fill(secret);
  await dialog.getByRole("button", { name: "Add key", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}
