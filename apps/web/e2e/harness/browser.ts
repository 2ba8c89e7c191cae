import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { App } from "./app.ts";

export const wide = { width: 1280, height: 800 };
export const narrow = { width: 390, height: 844 };

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
}

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong in the page so far: errors in the console, failed and foreign requests. */
  readonly faults: readonly string[];
}

/** A page of its own session that writes down every fault. */
export async function visit(browser: Browser, app: App, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: app.baseUrl,
    viewport: wide,
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults = watch(page, app.baseUrl);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** The same, signed in as the demo's owner. */
export async function visitAsOwner(
  browser: Browser,
  app: App,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const visited = await visit(browser, app, options);
  const { email, password } = app.demo.owner;
  const response = await visited.page.request.post("/api/auth/sign-in/email", {
    headers: { origin: app.baseUrl },
    data: { email, password },
  });
  expect(response.status()).toBe(200);
  return visited;
}

/** The path of the workspace that the demo's workflows are in. */
export async function demoWorkspace(page: Page): Promise<string> {
  const response = await page.request.get("/trpc/workspace.list");
  const { result }: { result: { data: { id: string; name: string }[] } } = await response.json();
  const acme = result.data.find(({ name }) => name === "Acme");
  if (acme === undefined) throw new Error("the demo has no workspace Acme");
  return `/w/${acme.id}`;
}

function watch(page: Page, baseUrl: string): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "failed";
    // A page that is left, or a stream that is closed, aborts its requests.
    if (reason !== "net::ERR_ABORTED") faults.push(`${request.method()} ${request.url()}: ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== baseUrl && origin !== "null") faults.push(`foreign request: ${request.url()}`);
  });
  return faults;
}
