import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { narrow, wide } from "./browser.ts";

/** Nothing serious for axe, in a wide window and in a narrow one, and nothing that scrolls sideways. */
export async function inspect(page: Page, what: string): Promise<void> {
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
