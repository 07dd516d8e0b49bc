import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, launch, PHONE, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

beforeAll(async () => {
  [me, browser] = await Promise.all([account("schedules"), launch()]);
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
const row = (page: Page, text: string): Locator => page.locator("li.auto", { hasText: text });
const choose = async (page: Page, title: string, item: string): Promise<void> => {
  await button(page, `More: ${title}`).click();
  await page.getByRole("menuitem", { name: item }).click();
};

describe("the schedules page", () => {
  it("plans an example, runs it by hand, pauses it, and brings a deleted one back", () =>
    on("/schedules", async ({ page }) => {
      await button(page, /^Every other monday/u).click();
      const dialog = page.getByRole("dialog");
      await shown(dialog.getByText("Every other Monday at 20:00"));
      await expect.poll(() => dialog.getByRole("list", { name: "The next times" }).getByRole("listitem").count()).toBe(5);
      expect(await accessibilityProblems(page)).toEqual([]);
      await dialog.getByRole("textbox", { name: "Title" }).fill("Bins");
      await button(dialog, "Plan it").click();
      // The day before and on the day itself it is not called by its name.
      await shown(row(page, "Bins").getByText(/^Next: (?:Monday|Mon|Tomorrow|Today), /u));
      await choose(page, "Bins", "Run now");
      await button(row(page, "Bins"), /^Ran once/u).click();
      await shown(row(page, "Bins").getByText("Told (run by hand)"));
      await choose(page, "Bins", "Pause");
      await shown(row(page, "Bins").getByText("Paused", { exact: true }));
      await button(page.getByRole("status"), "Undo").click();
      await shown(row(page, "Bins").getByText(/^Next: /u));
      await choose(page, "Bins", "Delete…");
      await button(page.getByRole("dialog"), "Delete").click();
      await shown(page.getByText("Deleted: Bins"));
      await expect.poll(() => row(page, "Bins").count()).toBe(0);
      await button(page.getByRole("status"), "Undo").last().click();
      await shown(row(page, "Bins").getByText(/^Next: /u));
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("asks back when a time is not clear, takes what is not about time as what to do, and says a time on the user's clock", () =>
    on(
      "/schedules",
      async ({ page }) => {
        await button(page, "New schedule").tap();
        const dialog = page.getByRole("dialog");
        const when = dialog.getByRole("textbox", { name: "When", exact: true });
        await when.fill("every day at 25:00");
        await shown(dialog.getByText(/is not a time of day/u));
        await dialog.getByRole("textbox", { name: "What it says" }).fill("Something");
        await button(dialog, "Plan it").tap();
        await shown(dialog.getByRole("alert"));
        await when.fill("tomorrow at 17:00 to call Ben");
        await button(dialog, "That is what to do").tap();
        await expect.poll(() => dialog.getByRole("textbox", { name: "What it says" }).inputValue()).toBe("call Ben");
        await shown(dialog.getByText("Tomorrow, 5:00 PM"));
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(dialog, "Plan it").tap();
        await shown(row(page, "call Ben").getByText("Next: Tomorrow, 5:00 PM"));
        expect(await sidewaysOverflow(page)).toEqual([]);
        // What was said of another day is written out, and stays as it is while it is not touched.
        await button(page, "Change: call Ben").tap();
        expect(await when.inputValue()).toMatch(/^\d{4}-\d\d-\d\d 17:00$/u);
        await dialog.getByRole("textbox", { name: "Title" }).fill("Ben");
        await button(dialog, "Save").tap();
        await shown(row(page, "Ben").getByText("Next: Tomorrow, 5:00 PM"));
      },
      PHONE,
    ));

  it("switches a briefing on at a time of one's own, and says when the list cannot be read", () =>
    on("/schedules", async ({ page }) => {
      await page.getByRole("textbox", { name: "Morning briefing: when" }).fill("every day at 25:00");
      await button(page, "Switch on").click();
      await shown(page.getByText(/is not a time of day/u));
      await page.getByRole("textbox", { name: "Morning briefing: when" }).fill("every weekday at 06:15");
      await button(page, "Switch on").click();
      await shown(row(page, "Morning briefing").getByText("Every weekday at 06:15"));
      await page.getByRole("switch", { name: "Morning briefing" }).click();
      await expect.poll(() => row(page, "Morning briefing").count()).toBe(0);
      await page.route("**/api/v1/schedules?state=ended*", (route) => route.fulfill({ status: 500, body: "{}" }));
      await page.getByText("Ended", { exact: true }).click();
      await shown(page.getByText("This could not be loaded"));
      await page.unroute("**/api/v1/schedules?state=ended*");
      await button(page, "Try again").click();
      await shown(page.getByText(/^Nothing has ended yet/u));
    }));
});

describe("what it looks at by itself", () => {
  it("is told in words, as seldom as wanted, and can be switched off", () =>
    on("/settings/heartbeat", async ({ page }) => {
      const settings = async () =>
        z
          .object({
            heartbeat: z.object({ on: z.boolean(), text: z.string(), minutes: z.number(), quiet: z.object({ from: z.string() }) }),
          })
          .parse(await (await me.api("/api/v1/settings")).json()).heartbeat;
      await shown(page.getByText(/^Looks /u));
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByRole("textbox", { name: "In your own words" }).fill("Only what is due today.");
      await page.getByRole("combobox", { name: "Looks at most every" }).selectOption({ label: "2 hours" });
      await page.getByLabel("Quiet from").fill("21:30");
      await button(page, "Save").click();
      await shown(page.getByText("Saved."));
      expect(await settings()).toEqual({ on: true, text: "Only what is due today.", minutes: 120, quiet: { from: "21:30" } });
      await page.getByRole("switch", { name: "Look by itself" }).click();
      await shown(page.getByText(/^Margay speaks only when it is spoken to/u));
      expect((await settings()).on).toBe(false);
    }));
});
