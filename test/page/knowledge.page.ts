import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { ask, closePages, composer, launch, PHONE, replies, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

beforeAll(async () => {
  [me, browser] = await Promise.all([account("knowledge"), launch()]);
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

const button = (within: Page | Locator, name: string | RegExp): Locator => within.getByRole("button", { name, exact: true });
const documents = (page: Page): Locator => page.locator("li.doc");
const file = (name: string, text: string) => ({ name, mimeType: "text/markdown", buffer: Buffer.from(text) });

/** Long enough for several pages of pieces. One of them tries to be more than text. */
const HANDBOOK = `# Handbook\n\n${Array.from(
  { length: 90 },
  (_, index) =>
    `## Rule ${index}\n\nRule ${index} is about ${index === 41 ? "parrots <img src=x onerror=alert(1)> [here](javascript:alert(1))" : "dogs"}. ${"It has been so for a long time. ".repeat(20)}`,
).join("\n\n")}`;

describe("knowledge", () => {
  it("takes files in, shows how far they were read, and why one cannot be", () =>
    on("/knowledge", async ({ page }) => {
      await shown(page.getByText("No documents yet"));
      await page
        .locator("input[type=file][multiple]")
        .setInputFiles([
          file("handbook.md", HANDBOOK),
          { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 nothing") },
        ]);
      await shown(documents(page).getByRole("link", { name: "handbook.md" }));
      await shown(button(documents(page).filter({ hasText: "broken.pdf" }), "Retry"));
      await page.locator("input[type=file][multiple]").setInputFiles([file("copy.md", HANDBOOK)]);
      await shown(page.getByText("Already there."));
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("sorts documents into collections, and keeps them when one is deleted", () =>
    on(
      "/knowledge",
      async ({ page }) => {
        await button(page, "New collection").click();
        await page.getByRole("textbox", { name: "Name" }).fill("Work");
        await button(page.getByRole("dialog"), "Add").click();
        await shown(page.getByText("Nothing is in here yet."));
        await button(page, "All").click();
        await button(page, "More: handbook.md").click();
        await page.getByRole("menuitem", { name: "Move to a collection" }).click();
        await page.getByRole("dialog").getByRole("combobox").selectOption({ label: "Work" });
        await button(page.getByRole("dialog"), "Move").click();
        await button(page, /^Work/u).click();
        await expect.poll(() => documents(page).count()).toBe(1);
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(page, "More: Work").click();
        await page.getByRole("menuitem", { name: "Delete the collection…" }).click();
        await button(page.getByRole("dialog"), "Delete the collection").click();
        await expect.poll(() => documents(page).count()).toBe(2);
      },
      PHONE,
    ));

  it("finds a passage and opens its place as text, with more above and below", () =>
    on("/knowledge", async ({ page }) => {
      await page.getByRole("searchbox", { name: "Search your documents" }).fill("rule about parrots");
      await page
        .getByRole("link", { name: /Rule 41/u })
        .first()
        .click();
      const cited = page.locator("[data-cited]");
      await shown(cited);
      expect(await cited.innerText()).toContain("<img src=x onerror=alert(1)>");
      expect(await page.locator(".chunks img, .chunks a[href^=javascript]").count()).toBe(0);
      expect(await accessibilityProblems(page)).toEqual([]);
      // More is put above what is read, and what is read stays where it is.
      const first = page.locator(".chunk").first();
      const before = Number(await first.getAttribute("data-position"));
      const read = page.locator(`.chunk[data-position="${before}"]`);
      await read.scrollIntoViewIfNeeded();
      await expect.poll(async () => Number(await first.getAttribute("data-position"))).toBeLessThan(before);
      await expect
        .poll(async () => {
          const { y = Number.NaN } = (await read.boundingBox()) ?? {};
          return y > -100 && y < 800;
        })
        .toBe(true);
      const atEnd = async () => {
        await page.locator(".chunk").last().scrollIntoViewIfNeeded();
        return page.getByText("End of the document").count();
      };
      await expect.poll(atEnd).toBe(1);
      await shown(page.getByRole("heading", { name: "Rule 89", exact: true }));
      await button(page, "To the top").click();
      await shown(page.getByRole("heading", { name: "handbook.md", level: 1 }));
    }));

  it("tells what an answer was made from, with the way to each source", () =>
    on("/", async ({ page }) => {
      await ask(page, "Tell me the rule about parrots");
      await replies(page).last().hover();
      await button(replies(page).last(), "Context of this answer").click();
      const panel = page.getByRole("dialog");
      await shown(panel.getByRole("heading", { name: "Documents" }));
      expect(await accessibilityProblems(page)).toEqual([]);
      await panel
        .getByRole("link", { name: /Rule 41/u })
        .first()
        .click();
      await shown(page.locator("[data-cited]", { hasText: "parrots" }));
      await page.goBack();
      await shown(composer(page));
    }));

  it("deletes a document only after asking", () =>
    on("/knowledge", async ({ page }) => {
      await button(page, "More: broken.pdf").click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await button(page.getByRole("dialog"), "Delete for good").click();
      await shown(page.getByText("Deleted: broken.pdf"));
      await expect.poll(() => documents(page).count()).toBe(1);
      await page.goto(`${me.origin}/knowledge/00000000-0000-0000-0000-000000000000`);
      await shown(page.getByText("This document was deleted."));
    }));
});
