import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems } from "./support/accessibility.ts";
import { ask, closePages, launch, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

/** Something to look at: a to-do made in the chat, and a few changes of the settings. */
beforeAll(async () => {
  [me, browser] = await Promise.all([account("control"), launch()]);
  const { page, leave } = await visit(browser, me);
  await ask(page, "Add task: film the video");
  await ask(page, "Add task: cut the video");
  await leave();
  await me.api("/api/v1/settings", { method: "PATCH", body: JSON.stringify({ persona: "Be brief." }) });
});

afterAll(async () => {
  await closePages(browser);
});

/** Opens a page, works on it, and checks that it called nobody else and broke nothing. */
async function on(path: string, work: (visited: Visit) => Promise<void>): Promise<void> {
  const visited = await visit(browser, me, path);
  await work(visited);
  expect(visited.foreign).toEqual([]);
  expect(visited.errors).toEqual([]);
  await visited.leave();
}

const button = (within: Page | Locator, name: string | RegExp): Locator => within.getByRole("button", { name, exact: true });
const entries = (page: Page): Locator => page.locator("li.entry");
const settings = async () => {
  const answer = await me.api("/api/v1/settings");
  return z
    .object({ persona: z.string(), approval_minutes: z.record(z.string(), z.number()), tools: z.record(z.string(), z.string()) })
    .parse(await answer.json());
};

describe("the activity page", () => {
  it("tells what was asked, decided and done, and narrows it down", () =>
    on("/activity", async ({ page }) => {
      await shown(entries(page).filter({ hasText: "Added “film the video”" }));
      await shown(entries(page).filter({ hasText: "You wrote a message" }));
      await page.getByRole("searchbox", { name: "Words" }).fill("film");
      await expect.poll(() => entries(page).filter({ hasText: "You wrote a message" }).count()).toBe(0);
      await shown(entries(page).filter({ hasText: "film the video" }));
      await page.getByRole("searchbox", { name: "Words" }).fill("");
      await page.getByText("More filters").click();
      await page.getByRole("combobox", { name: "About" }).selectOption("config");
      await shown(entries(page).filter({ hasText: "persona" }));
      await expect.poll(() => entries(page).filter({ hasText: "film the video" }).count()).toBe(0);
      await button(page, "Everything sent").click();
      await shown(page.getByText("Nothing of that kind happened in this time."));
    }));

  it("exports what is shown, and checks the trail in words", () =>
    on("/activity", async ({ page }) => {
      await shown(entries(page));
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Export CSV" }).click();
      expect((await download).suggestedFilename()).toMatch(/^margay-audit-.*\.csv$/u);
      await button(page, "Check the trail").click();
      await shown(page.getByText(/\d+ entries, each as it was written, none missing, none out of order\./u));
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("takes a change back", () =>
    on("/activity", async ({ page }) => {
      const section = page.getByRole("region", { name: "Recent changes" });
      await button(section, /^Undo: .*cut the video/u).click();
      await shown(page.getByText(/Taken back: /u));
      await expect.poll(() => button(section, /^Undo: .*cut the video/u).count()).toBe(0);
      await shown(entries(page).filter({ hasText: "taken back" }));
      const todos = await (await me.api("/api/v1/todos?limit=500")).text();
      expect(todos).toContain("film the video");
      expect(todos).not.toContain("cut the video");
    }));
});

describe("the permissions", () => {
  it("make a tool ask always, or not at all, and keep an approval for as long as chosen", () =>
    on("/settings/permissions", async ({ page }) => {
      const tool = page.locator("li", { hasText: "add_todo" }).getByRole("combobox");
      await tool.selectOption("ask");
      await shown(page.getByText("Add to-do is always asked about."));
      expect((await settings()).tools).toEqual({ add_todo: "ask" });
      await tool.selectOption("");
      await shown(page.getByText("Add to-do works as usual."));
      expect((await settings()).tools).toEqual({});
      await page.getByRole("textbox", { name: "Another tool" }).fill("delete_todo");
      await button(page, "Always ask").click();
      await shown(page.locator("li", { hasText: "delete_todo" }));
      expect((await settings()).tools).toEqual({ delete_todo: "ask" });
      await page.getByRole("combobox", { name: "Spending money: how long it waits" }).selectOption("15");
      await shown(page.getByText("Spending money: new approvals wait 15 minutes."));
      expect((await settings()).approval_minutes).toEqual({ spend: 15 });
      expect(await accessibilityProblems(page)).toEqual([]);
    }));
});

describe("the secrets", () => {
  const VALUE = "hunter2-correct-horse-battery-9f3a";

  it("are stored and listed, and their value is nowhere on the page afterwards", () =>
    on("/settings/secrets", async ({ page }) => {
      await shown(page.getByText("None yet."));
      await page.getByRole("textbox", { name: "Name" }).fill("weather");
      await page.getByLabel("Value", { exact: true }).fill(VALUE);
      await page.getByRole("textbox", { name: "Hosts it may go to" }).fill("api.weather.example, *.maps.example");
      await button(page, "Store").click();
      await shown(page.getByText(/Ends in 9f3a/u));
      await shown(page.getByText("To api.weather.example, *.maps.example, as a bearer token"));
      const traces = await page.evaluate((value) => {
        const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")];
        return [
          document.documentElement.outerHTML.includes(value),
          fields.some((field) => field.value.includes(value)),
          [localStorage, sessionStorage].some((store) =>
            Array.from({ length: store.length }, (_, index) => store.getItem(store.key(index) ?? ""))
              .join("\n")
              .includes(value),
          ),
        ];
      }, VALUE);
      expect(traces).toEqual([false, false, false]);
      await page.reload();
      await shown(page.getByText(/Ends in 9f3a/u));
      expect(await page.content()).not.toContain(VALUE);
    }));

  it("are refused in words, replaced, and deleted after a question", () =>
    on("/settings/secrets", async ({ page }) => {
      await button(page, "Change weather").click();
      const value = page.getByLabel("New value", { exact: true });
      expect(await value.inputValue()).toBe("");
      await value.fill("another-value-of-some-length-77bb");
      await page.getByRole("textbox", { name: "Hosts it may go to" }).fill("not a host!");
      await button(page, "Change").click();
      await shown(page.getByText(/is no host/u));
      await page.getByRole("textbox", { name: "Hosts it may go to" }).fill("api.weather.example");
      await button(page, "Change").click();
      await shown(page.getByText(/Ends in 77bb/u));
      // Only where it may go: the value stays.
      await button(page, "Change weather").click();
      await page.getByRole("textbox", { name: "Hosts it may go to" }).fill("api.other.example");
      await button(page, "Change").click();
      await shown(page.getByText(/api\.other\.example/u));
      await shown(page.getByText(/Ends in 77bb/u));
      await button(page, "Delete weather").click();
      await button(page.getByRole("dialog"), "Delete for good").click();
      await shown(page.getByText("weather is deleted."));
      await shown(page.getByText("None yet."));
    }));
});

describe("the persona and the history of settings", () => {
  it("save how Margay should be, and go back to how it was after showing what that changes", () =>
    on("/settings", async ({ page }) => {
      const field = page.getByRole("textbox", { name: "How Margay should be" });
      await shown(field);
      expect(await field.inputValue()).toBe("Be brief.");
      await field.fill("Talk like a pirate.");
      await page.locator("section", { has: field }).getByRole("button", { name: "Save" }).click();
      await shown(page.getByText("Saved."));
      expect((await settings()).persona).toBe("Talk like a pirate.");

      await page.getByRole("link", { name: "History" }).click();
      const newest = page.locator("li.version").first();
      await shown(newest.filter({ hasText: "Talk like a pirate." }));
      expect(await newest.innerText()).toMatch(/now[\s\S]*Be brief\.[\s\S]*Talk like a pirate\./u);
      await button(page.locator("li.version").nth(1), /^Restore version/u).click();
      const dialog = page.getByRole("dialog");
      await shown(dialog.locator("del", { hasText: "Talk like a pirate." }));
      await shown(dialog.locator("ins", { hasText: "Be brief." }));
      await button(dialog, "Restore").click();
      await shown(page.getByText("Restored."));
      expect((await settings()).persona).toBe("Be brief.");
      await shown(
        page
          .locator("li.version")
          .first()
          .getByText(/^Back to version/u),
      );
    }));
});
