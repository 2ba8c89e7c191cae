import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type App, startApp } from "./app.ts";
import { openBrowser, type Visit, visit, visitAsOwner } from "./browser.ts";

/** What a file of browser tests plays on: one app and one browser, from its first test to its last. */
export interface Stage {
  /** Throws outside of hooks and tests: only they have an app. */
  readonly app: App;
  /** A page of its own session that writes down every fault. */
  visit(options?: BrowserContextOptions): Promise<Visit>;
  /** The same, signed in as the demo's owner. */
  visitAsOwner(options?: BrowserContextOptions): Promise<Visit>;
}

/** Called once, at the top of a test file. */
export function setUpStage(): Stage {
  let app: App | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    // One after the other: whichever cannot be started, the other is closed below.
    browser = await openBrowser();
    app = await startApp();
  });

  afterAll(async () => {
    await browser?.close();
    await app?.[Symbol.asyncDispose]();
  });

  const ready = () => {
    if (app === undefined || browser === undefined)
      throw new Error("the app is started before the first test");
    return { app, browser };
  };
  return {
    get app() {
      return ready().app;
    },
    visit: (options) => visit(ready().browser, ready().app, options),
    visitAsOwner: (options) => visitAsOwner(ready().browser, ready().app, options),
  };
}
