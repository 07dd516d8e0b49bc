import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import { startModelServer } from "../support/model-server.ts";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, composer, launch, PHONE, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;
let models: Awaited<ReturnType<typeof startModelServer>>;
let script: ModelScript;

const api = (method: string, path: string, body: unknown) => me.api(`/api/v1${path}`, { method, body: JSON.stringify(body) });

/** A model that does as it is told, reached through the real provider. */
beforeAll(async () => {
  [me, browser, models] = await Promise.all([account("plans"), launch(), startModelServer()]);
  script = modelScript(models.url, "sk-plans-page");
  await api("PUT", "/models/providers/openai-compatible/default", { api_key: script.key, base_url: `${models.url}/v1` });
  const chain = ["openai-compatible/gpt-5.4-mini"];
  await api("PATCH", "/settings", { models: { fast: chain, smart: chain, vision: chain } });
  // What a plan that ended has to tell is said, whatever a test is about.
  await script.set([], { text: "Good to know." });
});

afterAll(async () => {
  await closePages(browser);
  await models?.close();
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
const step = (page: Page, title: string): Locator => page.getByRole("listitem", { name: title, exact: true });
const ends = (page: Page, how: string): Promise<void> => shown(page.locator(".task-head").getByText(how, { exact: true }));

const todo = (name: string, title: string, input: Record<string, unknown>) => ({
  name,
  title,
  work: { kind: "tool", tool: "add_todo", input },
});

/** Writes a plan down, and gives its address. */
async function made(goal: string, steps: unknown[]): Promise<string> {
  const response = await api("POST", "/plans", { goal, steps });
  return `/plans/${z.object({ id: z.string() }).parse(await response.json()).id}`;
}

describe("a plan", () => {
  it("is decided about and changed step by step, runs, becomes a playbook, and runs again with other words", async () => {
    const path = await made("Get to Bergen", [
      todo("tickets", "Buy tickets", { title: "Buy tickets to Bergen" }),
      todo("anna", "Tell Anna", { title: "Call Anna" }),
      { ...todo("pack", "Pack", { title: "Pack for Bergen" }), after: ["anna"] },
      { name: "list", title: "Look at the list", work: { kind: "tool", tool: "list_todos", input: {} }, after: ["tickets"] },
    ]);
    await on("/plans", async ({ page }) => {
      await shown(page.getByRole("link", { name: "Get to Bergen" }));
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByRole("link", { name: "Get to Bergen" }).click();
      await shown(step(page, "Look at the list").getByText("after Buy tickets"));
      await button(page, "Reject: Tell Anna").click();
      await shown(step(page, "Pack").getByText("Will be skipped: it needs Tell Anna."));
      await button(page, "Edit: Buy tickets").click();
      const dialog = page.getByRole("dialog");
      await dialog
        .getByRole("group", { name: /^Called with/u })
        .getByRole("textbox", { name: "Title" })
        .fill("Buy train tickets to Bergen");
      await button(dialog, "Save").click();
      await shown(step(page, "Buy tickets").getByText("Buy train tickets to Bergen"));
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(page, "Approve the rest and run").click();
      await ends(page, "done");
      // What nothing else needs is what the plan was for.
      await shown(step(page, "Look at the list").getByText(/Buy train tickets to Bergen/u));
      await shown(step(page, "Pack").getByText("skipped", { exact: true }));
      expect(await accessibilityProblems(page)).toEqual([]);

      await button(page, "Save as playbook").click();
      await dialog.getByRole("textbox", { name: "Title" }).fill("Get somewhere");
      await button(dialog, "Bergen").click();
      await shown(dialog.getByText("stand there 3 times"));
      await dialog.getByRole("textbox", { name: "Called" }).fill("place");
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(dialog, "Save").click();
      await button(page, "Run: Get somewhere").click();
      expect(await dialog.getByRole("textbox", { name: "Place" }).inputValue()).toBe("Bergen");
      await dialog.getByRole("textbox", { name: "Place" }).fill("Oslo");
      await button(dialog, "Run").click();
      await shown(page.getByRole("heading", { name: "Get to Oslo", level: 1 }));
      await ends(page, "done");
      await shown(step(page, "Look at the list").getByText(/Buy train tickets to Oslo/u));
      expect(page.url()).not.toContain(path);
    });
  });

  it("asks where it stands what has to be asked, whatever was approved before", async () => {
    await api("PATCH", "/settings", { tools: { add_todo: "ask" } });
    const path = await made("Ask me", [todo("ask", "Put it on the list", { title: "Asked for" })]);
    await on(
      path,
      async ({ page }) => {
        await shown(page.getByText("Will ask you before it runs."));
        await button(page, "Approve all and run").tap();
        await ends(page, "waits for you");
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(page.getByRole("article"), "Once").tap();
        await ends(page, "done");
        await button(page, "More: Ask me").tap();
        await page.getByRole("menuitem", { name: "Delete…" }).tap();
        await button(page.getByRole("dialog"), "Delete").tap();
        await shown(page.getByText("Deleted: Ask me"));
        await expect.poll(() => page.getByRole("link", { name: "Ask me" }).count()).toBe(0);
        expect(await sidewaysOverflow(page)).toEqual([]);
      },
      PHONE,
    );
    await api("PATCH", "/settings", { tools: {} });
  });

  it("comes in the chat as a card, is decided about and runs there", () =>
    on("/", async ({ page }) => {
      const steps = [todo("one", "First thing", { title: "Water the plants" }), todo("two", "Second thing", { title: "Feed the cat" })];
      // What the plan before has to tell may be told only now.
      const when = ["leave the house"];
      const proposes = { toolCalls: [{ name: "propose_plan", input: { goal: "Leave the house", steps } }], when };
      await script.set([proposes, { text: "Two steps.", when }], { text: "Good to know." });
      await composer(page).fill("/plan leave the house");
      await composer(page).press("Enter");
      const card = page.getByRole("region", { name: /^Plan \d+: Leave the house$/u });
      await button(card, "Reject: Second thing").click();
      await shown(button(card, "Approve the rest and run"));
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(card, "Approve the rest and run").click();
      await shown(card.getByText("1 of 2 steps done"));
      await card.getByRole("link", { name: /^Open/u }).click();
      await ends(page, "done");
    }));
});

describe("playbooks", () => {
  it("are copied, scheduled and deleted; Margay's own are not changed", () =>
    on(
      "/plans/playbooks",
      async ({ page }) => {
        const dialog = page.getByRole("dialog");
        const choose = async (title: string, item: string) => {
          await button(page, `More: ${title}`).tap();
          await page.getByRole("menuitem", { name: item }).tap();
        };
        await button(page, "More: Weekly review").tap();
        await shown(page.getByRole("menuitem", { name: "Copy" }));
        expect(await page.getByRole("menuitem", { name: "Edit" }).count()).toBe(0);
        await page.getByRole("menuitem", { name: "Copy" }).tap();
        expect(await accessibilityProblems(page)).toEqual([]);
        await dialog.getByRole("textbox", { name: "Title" }).first().fill("My review");
        await button(dialog, "Make it").tap();
        await shown(page.getByRole("region", { name: "Your own" }).getByText("My review"));
        expect(await sidewaysOverflow(page)).toEqual([]);
        await choose("My review", "Delete…");
        await button(dialog, "Delete").tap();
        await expect.poll(() => button(page, "More: My review").count()).toBe(0);
        await choose("Research brief", "Schedule it");
        await dialog.getByRole("textbox", { name: "When", exact: true }).fill("every friday at 18:00");
        await button(dialog, "Plan it").tap();
        await shown(dialog.getByText("Fill in: Topic."));
        await dialog.getByRole("textbox", { name: "Topic" }).fill("solar roofs");
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(dialog, "Plan it").tap();
        await shown(page.getByRole("button", { name: /research-brief.*solar roofs/u }));
      },
      PHONE,
    ));
});
