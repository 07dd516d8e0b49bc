import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Account, owner, stranger } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { ask, closePages, composer, DESK, launch, PHONE, replies, shown, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

beforeAll(async () => {
  [me, browser] = await Promise.all([owner(), launch()]);
  for (const todo of [
    { title: "Pay the bill", priority: "p1", due: "yesterday" },
    {
      title: "A to-do with a very long title that goes on and on, so that it has to be broken somewhere on a narrow screen",
      priority: "p2",
      due: "tomorrow",
    },
    { title: "Someday", notes: "No date" },
  ])
    await me.api("/api/v1/todos", { method: "POST", body: JSON.stringify(todo) });
});

afterAll(async () => {
  await closePages(browser);
});

const PAGES = [
  "/",
  "/todos",
  "/schedules",
  "/tasks",
  "/tasks/profiles",
  "/plans",
  "/plans/playbooks",
  "/listeners",
  "/files",
  "/settings",
  "/settings/heartbeat",
  "/approvals",
  "/activity",
  "/settings/models",
  "/settings/permissions",
  "/settings/secrets",
  "/settings/telegram",
  "/settings/api",
  "/settings/usage",
  "/settings/history",
  "/owner",
  "/nowhere",
  "/invite",
  "/reset",
];
/** Width and colours do not depend on each other: every page is seen in both of each, some in all four. */
const SOME = ["/", "/todos", "/approvals", "/settings/models"];
const LOOKS = [
  { name: "light on a desk", options: DESK, colours: ["light", "dark"] as const },
  { name: "dark on a phone", options: PHONE, colours: ["dark", "light"] as const },
];

describe.each(LOOKS)("pages, $name", ({ options, colours: [colour, other] }) => {
  it("is readable and fits", async () => {
    const { page, leave, foreign, errors } = await visit(browser, me, "/", { ...options, colorScheme: colour });
    await shown(composer(page));
    await ask(page, "What is on my list?");
    const wrong: Record<string, string[]> = {};
    for (const [scheme, pages] of [[colour, PAGES] as const, [other, SOME] as const]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
      for (const path of pages) {
        // As by a link of the page: to load all of it anew for each address takes most of a second of CPU.
        await page.evaluate((to) => window.history.pushState(null, "", to), path);
        await shown(page.locator("h1"));
        await expect.poll(() => page.locator("[aria-busy=true]").count()).toBe(0);
        const problems = [...(await accessibilityProblems(page)), ...(await sidewaysOverflow(page)).map((part) => `${part} is too wide`)];
        if (problems.length > 0) wrong[`${path}, ${scheme}`] = problems;
      }
    }
    expect(wrong).toEqual({});
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
    await leave();
  });
});

describe("colours", () => {
  it("follow the system until chosen, and the choice is kept", async () => {
    const { page, leave } = await visit(browser, me, "/", { ...DESK, colorScheme: "dark" });
    await shown(composer(page));
    const scheme = () => page.evaluate(() => document.documentElement.dataset["mantineColorScheme"]);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await scheme()).toBe("dark");
    const dark = await ground();
    await page.locator("label", { hasText: "Light" }).first().click();
    await expect.poll(scheme).toBe("light");
    expect(await ground()).not.toBe(dark);
    await page.reload();
    await shown(composer(page));
    expect(await scheme()).toBe("light");
    await leave();
  });
});

describe("less motion", () => {
  it("moves nothing for who asked for that, not even for a frame", async () => {
    const { page, leave } = await visit(browser, me, "/", DESK);
    await shown(composer(page));
    const skip = page.getByRole("link", { name: "Skip to content" });
    const moved = () =>
      skip.evaluate((link) => {
        link.focus();
        const { y } = link.getBoundingClientRect();
        link.blur();
        return { seen: y >= 0, moving: document.getAnimations().length };
      });
    expect(await moved()).toEqual({ seen: true, moving: 0 });
    await leave();
  });
});

describe("a phone, 360 wide", () => {
  it("has a menu that leads everywhere, and a place to write", async () => {
    const { page, leave } = await visit(browser, me, "/", PHONE);
    await shown(composer(page));
    const box = await composer(page).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 360 && box.y + box.height <= 740).toBe(true);
    await page.getByRole("button", { name: "Menu" }).tap();
    await page
      .getByRole("dialog")
      .getByRole("link", { name: /To-dos/u })
      .tap();
    await shown(page.getByRole("heading", { name: "To-dos" }));
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await leave();
  });
});

describe("to-dos", () => {
  it("are added in one line, checked off, changed, deleted, and come back by undo", async () => {
    const { page, leave } = await visit(browser, me, "/todos");
    const field = page.getByRole("textbox", { name: "Add a to-do" });
    await field.fill("Call Ben, p2, due tomorrow at 3pm");
    await field.press("Enter");
    const row = page.locator("li.todo", { has: page.getByRole("button", { name: "Change: Call Ben p2 Tomorrow, 3:00 PM", exact: true }) });
    await shown(row);
    expect(await row.innerText()).toMatch(/p2[\s\S]*Tomorrow, 3:00/u);

    await page.getByRole("button", { name: "Change: Call Ben" }).click();
    await page.getByRole("textbox", { name: "To-do", exact: true }).fill("Call Ben back");
    await page.getByRole("button", { name: "Save" }).click();
    await shown(page.getByRole("button", { name: "Change: Call Ben back" }));

    await page.getByRole("button", { name: "Delete: Call Ben back" }).click();
    await expect.poll(() => page.getByRole("button", { name: "Change: Call Ben back" }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await shown(page.getByRole("button", { name: "Change: Call Ben back" }));

    await page.getByRole("checkbox", { name: "Done: Call Ben back" }).click();
    await shown(page.getByText("Done: Call Ben back", { exact: true }));
    await page.locator("label", { hasText: "Done" }).first().click();
    await shown(page.getByRole("checkbox", { name: "Open again: Call Ben back" }));
    await leave();
  });
});

describe("accounts", () => {
  it("leaves by signing out, shows nothing of it afterwards, and comes back on this machine", async () => {
    const { page, leave } = await visit(browser, me);
    await shown(replies(page));
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await shown(page.getByRole("heading", { name: "Welcome back" }));
    expect(await replies(page).count()).toBe(0);
    await page.getByRole("textbox", { name: "E-mail" }).fill("nobody@example.com");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await shown(page.getByText("The e-mail address or the password is not right."));
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Continue as the owner" }).click();
    await shown(composer(page));
    await leave();
  });

  it("are made from an invitation that the owner passes on, and are somebody else's", async () => {
    const host = await visit(browser, me, "/owner");
    await host.page.getByRole("textbox", { name: "E-mail" }).fill("ben@example.com");
    await host.page.getByRole("button", { name: "Make a link" }).click();
    await shown(host.page.locator(".once code"));
    const link = await host.page.locator(".once code").innerText();
    await shown(host.page.getByText("Invited as user"));

    const guest = await visit(browser, stranger(), link.slice(me.origin.length));
    await shown(guest.page.getByRole("heading", { name: "Welcome to Margay" }));
    await expect.poll(() => guest.page.url()).not.toContain("token");
    await guest.page.getByRole("textbox", { name: "Your name" }).fill("Ben");
    await guest.page.getByLabel("Password", { exact: true }).fill("three odd little words");
    await guest.page.getByRole("button", { name: "Start" }).click();
    await shown(guest.page.getByText("What is on your mind?"));
    expect(await guest.page.getByRole("link", { name: "People" }).count()).toBe(0);
    await guest.page.goto(`${me.origin}/owner`);
    await shown(guest.page.getByText("There is nothing here"));

    await host.page.reload();
    await host.page.locator("li", { hasText: "ben@example.com" }).getByRole("button", { name: "Remove" }).click();
    const remove = host.page.getByRole("button", { name: "Remove for good" });
    expect(await remove.isDisabled()).toBe(true);
    await host.page.getByRole("textbox", { name: "Type ben@example.com to confirm" }).fill("ben@example.com");
    await remove.click();
    await expect.poll(() => host.page.locator("li", { hasText: "ben@example.com" }).count()).toBe(0);
    await guest.page.goto(me.origin);
    await shown(guest.page.getByRole("heading", { name: "Welcome back" }).or(composer(guest.page)));
    await Promise.all([host.context.close(), guest.context.close()]);
  });
});

describe("settings", () => {
  it("make a key that works and is shown once", async () => {
    const { page, leave } = await visit(browser, me, "/settings/api");
    await page.getByRole("textbox", { name: "New key" }).fill("Test");
    await page.getByRole("button", { name: "Make a key" }).click();
    await shown(page.locator(".once code"));
    const key = await page.locator(".once code").innerText();
    const answer = await fetch(`${me.origin}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(z.object({ role: z.string() }).parse(await answer.json()).role).toBe("owner");
    await page.reload();
    await shown(page.getByText(`Ends in ${key.slice(-4)}`));
    expect(await page.locator(".once code").count()).toBe(0);
    expect(await page.content()).not.toContain(key);
    await leave();
  });
});
