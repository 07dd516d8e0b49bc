import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";

/** Without a browser's own windows, Chromium takes half the time; the whole browser does as well where only that is installed. */
const BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** Chromium without anything that would call home. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? BROWSERS.find((path) => existsSync(path)) ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

/** A page with a record of what it should never do. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Requests to anywhere but Margay itself. */
  foreign: string[];
  /** Uncaught errors and refusals by the page's own policy. */
  errors: string[];
}

export async function visit(browser: Browser, origin: string, path = "/", options: BrowserContextOptions = DESK): Promise<Visit> {
  const context = await browser.newContext({ colorScheme: "light", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("blob:")) foreign.push(request.url());
  });
  page.on("websocket", (socket) => {
    if (!socket.url().startsWith(origin.replace("http", "ws"))) foreign.push(socket.url());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) errors.push(message.text());
  });
  await page.goto(`${origin}${path}`);
  if (path === "/") await loaded(page);
  return { page, context, foreign, errors };
}

export const composer = (page: Page): Locator => page.getByRole("combobox", { name: "Message" });
export const replies = (page: Page): Locator => page.locator("article.reply:not([data-live])");
export const questions = (page: Page): Locator => page.locator("article.said");

/** Waits until the conversation so far is on the screen. */
export const loaded = (page: Page): Promise<void> => page.locator(".list[aria-busy=false]").waitFor();

/** Waits until it is on the screen. */
export const shown = (locator: Locator): Promise<void> => locator.first().waitFor({ state: "visible" });

/** Writes a message, sends it by Enter and waits until it was answered. */
export async function ask(page: Page, text: string): Promise<string> {
  const before = await replies(page).count();
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await replies(page).nth(before).waitFor({ state: "visible" });
  return replies(page).nth(before).innerText();
}
