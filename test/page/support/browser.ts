import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import type { Account } from "./account.ts";

/** Without a browser's own windows, Chromium takes half the time; the whole browser does as well where only that is installed. */
const BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/**
 * Chromium without anything that would call home: one for all files that a worker of the tests takes, since each start costs seconds of CPU. It ends with
 * the worker.
 */
export function launch(): Promise<Browser> {
  // Each file of a worker may load this file anew.
  const kept = globalThis as { margayChromium?: Promise<Browser> };
  kept.margayChromium = (kept.margayChromium ?? start()).then((browser) => (browser.isConnected() ? browser : start()));
  return kept.margayChromium;
}

const start = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? BROWSERS.find((path) => existsSync(path)) ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--in-process-gpu",
      // No page lives long enough for what it does to be worth compiling better.
      "--js-flags=--no-opt,--no-maglev",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** At the end of a file: its pages are closed, and the browser is the next file's. */
export async function closePages(browser: Browser | undefined): Promise<void> {
  if (!browser) return;
  spare.delete(browser);
  await Promise.all(browser.contexts().map((context) => context.close()));
}

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
  /** Ends the visit. The next one with the same options has its page, still signed in, and nothing else of it. */
  leave(): Promise<void>;
  /** Ends the visit where it is: the next one to the same address goes on there, as people do, and a tenth of the work. */
  stay(): void;
}

interface Opened {
  page: Page;
  context: BrowserContext;
}

/** Pages that were left, by whose they are and what they were opened with. One that is there already has its code compiled: half the time of a new one. */
const spare = new WeakMap<Browser, Map<string, Opened[]>>();

export async function visit(
  browser: Browser,
  { name, origin, state }: Pick<Account, "name" | "origin" | "state">,
  path = "/",
  options: BrowserContextOptions = DESK,
): Promise<Visit> {
  const all = { colorScheme: "light", reducedMotion: "reduce", storageState: state, ...options } as const;
  const kept = spare.get(browser) ?? new Map<string, Opened[]>();
  spare.set(browser, kept);
  const key = JSON.stringify([name, options]);
  const left = kept.get(key) ?? [];
  kept.set(key, left);
  const { page, context } = left.pop() ?? (await opened(browser, all));
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
  // Where somebody stayed, nothing is loaded anew.
  if (page.url() !== `${origin}${path}`) await page.goto(`${origin}${path}`);
  if (path === "/") await loaded(page);
  let ended = false;
  const stay = () => {
    if (ended) return;
    ended = true;
    page.removeAllListeners();
    left.push({ page, context });
  };
  const leave = async () => {
    if (ended) return;
    ended = true;
    page.removeAllListeners();
    await page.unrouteAll();
    // What ends the page, so that it keeps nothing more; it is of the same place, so that what it kept can be cleared.
    await page.goto(`${origin}/icon.svg`);
    await page.evaluate(() => [localStorage, sessionStorage].forEach((store) => store.clear()));
    await page.emulateMedia({ colorScheme: all.colorScheme });
    if (all.viewport) await page.setViewportSize(all.viewport);
    left.push({ page, context });
  };
  return { page, context, foreign, errors, leave, stay };
}

async function opened(browser: Browser, options: BrowserContextOptions): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return { page, context };
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
  const before = await questions(page).count();
  await composer(page).fill(text);
  await composer(page).press("Enter");
  // The next answer need not be the answer to this: one to what was said elsewhere may still be on its way.
  const reply = questions(page)
    .nth(before)
    .locator("xpath=following::article[contains(concat(' ', @class, ' '), ' reply ') and not(@data-live)]")
    .first();
  await reply.waitFor({ state: "visible" });
  return reply.innerText();
}
