import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { ask, closePages, launch, PHONE, questions, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

/** Something to look at: two things said in the chat. */
beforeAll(async () => {
  [me, browser] = await Promise.all([account("memory"), launch()]);
  const { page, leave } = await visit(browser, me);
  await ask(page, "Remember that I live in Oslo");
  await ask(page, "Remember that my sister is called Ida");
  await leave();
});

afterAll(async () => {
  await closePages(browser);
});

/** Opens a page, works on it, and checks that it called nobody else and broke nothing. */
async function on(path: string, work: (visited: Visit) => Promise<void>, options?: Parameters<typeof visit>[3]): Promise<void> {
  const visited = await visit(browser, me, path, options);
  await work(visited);
  expect(visited.foreign).toEqual([]);
  expect(visited.errors).toEqual([]);
  await visited.leave();
}

const row = (page: Page, text: string): Locator => page.locator("li.memory", { hasText: text });
const button = (within: Page | Locator, name: string | RegExp): Locator => within.getByRole("button", { name, exact: true });
const remembered = async (): Promise<string[]> => {
  const answer = await me.api("/api/v1/memory?limit=200");
  return z
    .object({ memories: z.array(z.object({ text: z.string() })) })
    .parse(await answer.json())
    .memories.map(({ text }) => text);
};

/** What stands below the lists moves while they come: a click meant for it lands beside it. */
async function allThere(page: Page): Promise<void> {
  await shown(row(page, "I am vegan"));
  await expect.poll(() => page.locator("[aria-busy=true]").count()).toBe(0);
}

describe("the memory page", () => {
  it("shows what was said with where it is from, and opens the message", () =>
    on("/memory", async ({ page }) => {
      await shown(row(page, "Oslo"));
      await button(row(page, "Oslo"), "Quote").click();
      await shown(row(page, "Oslo").locator("blockquote", { hasText: "I live in Oslo" }));
      expect(await accessibilityProblems(page)).toEqual([]);
      await row(page, "Oslo")
        .getByRole("link", { name: /^You said/u })
        .click();
      await shown(page.locator("article.found", { hasText: "Remember that I live in Oslo" }));
    }));

  it("adds by hand, changes in place, and keeps what was replaced under Past", () =>
    on("/memory", async ({ page }) => {
      await page.getByRole("textbox", { name: "Add a memory" }).fill("I am vegetarian");
      await page.getByRole("combobox", { name: "Kind" }).selectOption("profile");
      await page.getByRole("textbox", { name: "Add a memory" }).press("Enter");
      await shown(page.getByRole("region", { name: "Profile" }).locator("li", { hasText: "I am vegetarian" }));
      await button(page, /^Change: .*vegetarian/u).click();
      await page.getByRole("textbox", { name: "What Margay remembers" }).fill("I am vegan");
      await button(page, "Save").click();
      await shown(row(page, "I am vegan"));
      await button(page, /^Pin: .*vegan/u).click();
      await shown(button(page, /^Unpin: .*vegan/u));
      await button(page, "Past").click();
      await shown(row(page, "I am vegetarian").getByRole("link", { name: "I am vegan" }));
      expect(await remembered()).toContain("I am vegan");
    }));

  it("forgets only after asking, also the words in the conversation", () =>
    on(
      "/memory",
      async ({ page }) => {
        await shown(row(page, "Ida"));
        expect(await sidewaysOverflow(page)).toEqual([]);
        const ask1 = async () => {
          await button(page, /^More: .*Ida/u).click();
          await page.getByRole("menuitem", { name: "Forget…" }).click();
        };
        await ask1();
        await button(page.getByRole("dialog"), "Cancel").click();
        await shown(row(page, "Ida"));
        await ask1();
        await button(page.getByRole("dialog"), "Forget").click();
        await shown(page.getByText(/^Forgotten\./u));
        await expect.poll(() => row(page, "Ida").count()).toBe(0);
        await page.goto(me.origin);
        await shown(questions(page).filter({ hasText: "Oslo" }));
        expect(await questions(page).filter({ hasText: "Ida" }).count()).toBe(0);
      },
      PHONE,
    ));

  it("remembers by itself only while the switch is on", () =>
    on("/memory", async ({ page }) => {
      const quiet = async () => z.object({ memory_quiet: z.boolean() }).parse(await (await me.api("/api/v1/settings")).json()).memory_quiet;
      const flip = page.getByRole("switch", { name: "Remember by itself after conversations" });
      await allThere(page);
      await flip.click();
      await expect.poll(quiet).toBe(false);
      await flip.click();
      await expect.poll(quiet).toBe(true);
    }));

  it("forgets everything only when that was typed", () =>
    on("/memory", async ({ page }) => {
      await allThere(page);
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Export" }).click();
      expect((await download).suggestedFilename()).toBe("margay-memory.json");
      await button(page, "Forget everything…").click();
      const dialog = page.getByRole("dialog");
      expect(await button(dialog, "Forget everything").isDisabled()).toBe(true);
      await dialog.getByRole("textbox").fill("forget everything");
      await button(dialog, "Forget everything").click();
      await shown(page.getByText("Nothing is remembered yet"));
      expect(await remembered()).toEqual([]);
    }));
});
