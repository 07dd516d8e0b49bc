import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { account, type Account } from "./support/account.ts";
import { ask, closePages, composer, launch, loaded, questions, replies, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

beforeAll(async () => {
  [me, browser] = await Promise.all([account("chat"), launch()]);
});

afterAll(async () => {
  await closePages(browser);
});

/** Works on the page, one thing after the other, and checks that it called nobody else and broke nothing. */
async function on(work: (visited: Visit) => Promise<void>, path = "/"): Promise<void> {
  const visited = await visit(browser, me, path);
  await work(visited);
  expect(visited.foreign).toEqual([]);
  expect(visited.errors).toEqual([]);
  visited.stay();
}

describe("the conversation", () => {
  it("opens signed in, with things to try that work without any model", () =>
    on(async ({ page }) => {
      await shown(page.getByText("What is on your mind?"));
      await page.getByRole("button", { name: /What can you do/u }).click();
      await shown(replies(page));
      expect(await replies(page).first().innerText()).toContain("task");
    }));

  it("shows the message at once, what is done for it, and the answer", () =>
    on(async ({ page }) => {
      const answer = await ask(page, "Add task: film the workout video, p1, due tomorrow at 9am");
      expect(answer).toContain("film the workout video");
      await shown(page.getByText("Add to-do"));
      await page.getByText("Add to-do").click();
      await shown(page.getByText('"priority": "p1"'));
      await shown(page.getByText("What came of it"));
      await shown(page.getByLabel("Output").getByText("film the workout video"));
    }));

  it("puts a to-do made in the chat on the to-do page", () =>
    on(async ({ page }) => {
      await ask(page, "Add task: water the plants, due friday");
      await page.getByRole("link", { name: /To-dos/u }).click();
      await shown(page.getByRole("button", { name: "Change: water the plants" }));
    }));

  it("keeps the conversation over a reload, and the draft too", () =>
    on(async ({ page }) => {
      await ask(page, "What is on my list?");
      const [said, answered] = [await questions(page).count(), await replies(page).count()];
      await composer(page).fill("not sent yet");
      // It is kept a moment after the last key.
      await expect.poll(() => page.evaluate(() => Object.values(localStorage).includes("not sent yet"))).toBe(true);
      await page.reload();
      await loaded(page);
      expect(await questions(page).count()).toBe(said);
      expect(await replies(page).count()).toBe(answered);
      expect(await composer(page).inputValue()).toBe("not sent yet");
    }));

  it("shows what another page of the same person says, as it happens", () =>
    on(async ({ page }) => {
      const other = await visit(browser, me);
      await ask(other.page, "Who are you, seen from elsewhere?");
      await shown(questions(page).filter({ hasText: "seen from elsewhere" }));
      await other.leave();
    }));

  it("labels messages that came in by another channel", () =>
    on(async ({ page }) => {
      await shown(composer(page));
      const answer = await me.api("/api/v1/chat", { method: "POST", body: JSON.stringify({ message: "Sent over HTTP" }) });
      expect(answer.status).toBe(200);
      await shown(questions(page).filter({ hasText: "Sent over HTTP" }).getByText("API", { exact: true }));
    }));

  it("edits the last message and answers anew", () =>
    on(async ({ page }) => {
      await ask(page, "Add task: by milk");
      await composer(page).press("ArrowUp");
      const box = page.getByRole("textbox", { name: "Edit your message" });
      expect(await box.inputValue()).toBe("Add task: by milk");
      await box.fill("Add task: buy milk");
      await box.press("Enter");
      await shown(questions(page).filter({ hasText: "buy milk" }));
      await shown(replies(page).filter({ hasText: "buy milk" }));
      expect(await questions(page).filter({ hasText: "by milk" }).count()).toBe(0);
    }));

  it("answers again in place of the last answer", () =>
    on(async ({ page }) => {
      await ask(page, "What can you do, once more?");
      const count = await replies(page).count();
      const id = await replies(page).last().getAttribute("id");
      await page.getByRole("button", { name: "Answer again" }).last().click();
      await expect.poll(() => replies(page).last().getAttribute("id")).not.toBe(id);
      await expect.poll(() => replies(page).count()).toBe(count);
    }));

  it("finds an earlier message and shows it", () =>
    on(async ({ page }) => {
      await ask(page, "Remember the word xylophone");
      await page.keyboard.press("Control+k");
      await page.getByRole("searchbox", { name: "Search messages" }).fill("xylophone");
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /xylophone/u })
        .first()
        .click();
      await shown(page.locator("article.found"));
    }));

  it("starts a new conversation", () =>
    on(async ({ page }) => {
      await ask(page, "Before the new one");
      await page.getByRole("button", { name: "New conversation" }).click();
      await shown(questions(page).filter({ hasText: "/new" }));
      await ask(page, "After the new one");
      await shown(page.locator(".epoch"));
    }));

  it("sends a file with a message", () =>
    on(async ({ page }) => {
      await shown(composer(page));
      await page
        .locator('input[type="file"]')
        .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("some notes") });
      await shown(page.getByRole("button", { name: "Remove notes.txt" }));
      await ask(page, "Here are my notes");
      await shown(
        questions(page)
          .last()
          .getByRole("link", { name: /notes\.txt/u }),
      );
    }));

  it("shows details of an answer on demand", () =>
    on(async ({ page }) => {
      await ask(page, "Who are you?");
      await page.getByRole("button", { name: "Details of this answer" }).last().click();
      await shown(page.getByText("Tokens in"));
      await shown(page.getByText(/^offline\//u));
    }));
});

describe("a long conversation", () => {
  it("loads older messages when one scrolls up, keeps the place, and leads back to the latest", async () => {
    // A page that was there meanwhile would have it all.
    await closePages(browser);
    for (let number = 0; number < 60; number += 1)
      await me.api("/api/v1/chat", { method: "POST", body: JSON.stringify({ message: `Number ${number} of many` }) });
    await on(async ({ page }) => {
      const list = page.locator(".list");
      await shown(questions(page).filter({ hasText: "Number 59 of many" }));
      expect(await questions(page).filter({ hasText: "Number 5 of many" }).count()).toBe(0);
      const before = await page.locator("article").count();
      const first = page.locator("article").first();
      const id = await first.getAttribute("id");
      await list.evaluate((element) => element.scrollTo(0, 250));
      await expect.poll(() => page.locator("article").count()).toBeGreaterThan(before);
      const place = await page.locator(`#${id}`).boundingBox();
      expect(place && place.y > -500 && place.y < 700).toBe(true);
      for (let rounds = 0; rounds < 5; rounds += 1) {
        const count = await page.locator("article").count();
        await list.evaluate((element) => element.scrollTo(0, 0));
        if ((await page.locator(".older").count()) === 0) break;
        await expect.poll(() => page.locator("article").count()).toBeGreaterThan(count);
      }
      await shown(questions(page).filter({ hasText: "Number 0 of many" }));
      await page.getByRole("button", { name: "Latest" }).click();
      await expect.poll(() => list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeLessThan(5);
      await expect.poll(() => page.getByRole("button", { name: "Latest" }).count()).toBe(0);
    });
  });
});

describe("the keyboard", () => {
  it("reaches and uses everything that a message needs", () =>
    on(async ({ page }) => {
      await shown(composer(page));
      const first = page.locator("a[href], button, input, textarea, [tabindex='0']").first();
      await first.focus();
      expect(await first.innerText()).toBe("Skip to content");
      expect((await first.boundingBox())?.y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      await first.focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
      // Back over the conversation's own controls and forth again: nothing holds the focus.
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Shift+Tab");
      expect(await page.evaluate(() => document.activeElement?.closest(".list") !== null)).toBe(true);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
      const before = await replies(page).count();
      await page.keyboard.type("line one");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("line two");
      await page.keyboard.press("Enter");
      await replies(page).nth(before).waitFor();
      expect(await questions(page).last().locator(".plain").innerText()).toBe("line one\nline two");
    }));

  it("completes commands after a slash", () =>
    on(async ({ page }) => {
      await shown(composer(page));
      await composer(page).focus();
      await page.keyboard.type("/");
      const list = page.getByRole("listbox", { name: "Commands" });
      await shown(list);
      expect(await composer(page).getAttribute("aria-expanded")).toBe("true");
      await page.keyboard.type("whoa");
      await expect.poll(() => list.getByRole("option").count()).toBe(1);
      expect(await composer(page).getAttribute("aria-activedescendant")).toBe("command-whoami");
      await page.keyboard.press("Tab");
      expect(await composer(page).inputValue()).toBe("/whoami ");
      const before = await replies(page).count();
      await page.keyboard.press("Enter");
      await replies(page).nth(before).waitFor();
      expect(await replies(page).nth(before).innerText()).toContain("user");
    }));

  it("closes the list of commands by Escape and keeps the text", () =>
    on(async ({ page }) => {
      await shown(composer(page));
      await composer(page).focus();
      await page.keyboard.type("/st");
      await shown(page.getByRole("listbox", { name: "Commands" }));
      await page.keyboard.press("Escape");
      expect(await page.getByRole("listbox", { name: "Commands" }).count()).toBe(0);
      expect(await composer(page).inputValue()).toBe("/st");
      await composer(page).fill("");
    }));

  it("does not send while an input method composes", () =>
    on(async ({ page }) => {
      await shown(composer(page));
      await composer(page).fill("にほん");
      const before = await questions(page).count();
      await composer(page).evaluate((field) => {
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, isComposing: true }));
      });
      expect(await composer(page).inputValue()).toBe("にほん");
      expect(await questions(page).count()).toBe(before);
      await composer(page).fill("");
    }));
});
