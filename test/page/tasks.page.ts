import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import { startModelServer } from "../support/model-server.ts";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, launch, PHONE, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;
let models: Awaited<ReturnType<typeof startModelServer>>;
let script: ModelScript;

/** A model that does as it is told, reached through the real provider. */
beforeAll(async () => {
  [me, browser, models] = await Promise.all([account("tasks"), launch(), startModelServer()]);
  script = modelScript(models.url, "sk-tasks-page");
  await me.api("/api/v1/models/providers/openai-compatible/default", {
    method: "PUT",
    body: JSON.stringify({ api_key: script.key, base_url: `${models.url}/v1` }),
  });
  const chain = ["openai-compatible/gpt-5.4-mini"];
  await me.api("/api/v1/settings", {
    method: "PATCH",
    body: JSON.stringify({ models: { fast: chain, smart: chain, vision: chain } }),
  });
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

async function begin(page: Page, input: string): Promise<void> {
  await button(page, "New task").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "What to do" }).fill(input);
  // What it was not told in the conversation cannot disturb other tests' scripts.
  await dialog.getByRole("checkbox", { name: /^Tell me/u }).uncheck();
  await button(dialog, "Begin").click();
  await shown(page.getByRole("heading", { name: input, level: 1 }));
}

describe("the tasks page", () => {
  it("begins a task and shows its steps, what it found, and that it read what is from outside", () =>
    on("/tasks", async ({ page }) => {
      await script.set([
        { text: "I look first.", toolCalls: [{ name: "recall", input: { query: "trains" } }] },
        { text: "The cheapest is **Vy 41**. <img src=x onerror=alert(1)>" },
      ]);
      await shown(page.getByText("Nothing was done in the background yet"));
      await begin(page, "Find the cheapest train");
      await shown(page.getByRole("status").getByText("done", { exact: true }));
      await shown(page.getByRole("region", { name: "Result" }).locator("strong", { hasText: "Vy 41" }));
      expect(await page.locator(".task-sheet img").count()).toBe(0);
      const step = page.getByRole("list", { name: "Tools of step 1" });
      await step.getByText("Recall").click();
      await shown(step.getByText('"query": "trains"'));
      await shown(step.getByText("What came of it"));
      await shown(step.getByLabel("Output"));
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByRole("main").getByRole("link", { name: "Tasks", exact: true }).click();
      await shown(page.getByRole("region", { name: "Ended" }).getByRole("link", { name: "Find the cheapest train" }));
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("shows one that runs, stops it only after asking, and begins it again", () =>
    on(
      "/tasks",
      async ({ page }) => {
        await script.set([{ toolCalls: [{ name: "recall", input: { query: "a" } }] }, { text: "never said to its end", delayMs: 60_000 }]);
        await begin(page, "Go on for long");
        await shown(page.getByText("Step 1", { exact: true }));
        expect(await sidewaysOverflow(page)).toEqual([]);
        await page.getByRole("main").getByRole("link", { name: "Tasks", exact: true }).click();
        const open = page.getByRole("region", { name: /^Going on/u });
        await shown(open.getByText("running"));
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(page, "Cancel: Go on for long").click();
        await button(page.getByRole("dialog"), "Cancel the task").click();
        await expect.poll(() => open.count()).toBe(0);
        await script.set([{ text: "Quick this time." }]);
        await page.getByRole("link", { name: "Go on for long" }).click();
        await button(page, "Try again").click();
        await shown(page.getByText("Quick this time."));
      },
      PHONE,
    ));

  it("leads to the approval that one waits for, and shows it going on by itself", () =>
    on("/tasks", async ({ page }) => {
      const api = (method: string, path: string, body: unknown) => me.api(`/api/v1${path}`, { method, body: JSON.stringify(body) });
      await api("PATCH", "/settings", { tools: { add_todo: "ask" } });
      await api("POST", "/profiles", { name: "helper", purpose: "Helps", prompt: "You help.", tools: ["add_todo"] });
      await script.set([{ toolCalls: [{ name: "add_todo", input: { title: "Buy tickets" } }] }, { text: "It is on your list." }]);
      await api("POST", "/tasks", { input: "Put it on my list", profile: "helper", wait_ms: 0 });
      await page.getByRole("link", { name: "Put it on my list" }).click();
      await page.getByRole("main").getByRole("link", { name: "Answer", exact: true }).click();
      await button(page.getByRole("article"), "Once").click();
      await page.goBack();
      await shown(page.getByText("It is on your list."));
    }));

  it("says why one failed, and where that is put right", () =>
    on("/tasks", async ({ page }) => {
      await script.set([], { error: { status: 401 } });
      await begin(page, "Fail at once");
      await shown(page.getByRole("status").getByText("failed", { exact: true }));
      await shown(page.getByRole("alert").getByRole("link", { name: "Check models" }));
      await page.goto(`${me.origin}/tasks/00000000-0000-0000-0000-000000000000`);
      await shown(page.getByText(/^There is no such task/u));
    }));
});

describe("profiles", () => {
  it("are copied from Margay's own, changed, and deleted after asking", () =>
    on("/tasks/profiles", async ({ page }) => {
      expect(await button(page, "Change: research").count()).toBe(0);
      await button(page, "Copy: research").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Name" }).fill("travel");
      await dialog.getByRole("textbox", { name: "What it is for" }).fill("Plans journeys");
      await dialog.getByRole("spinbutton", { name: "US dollars" }).fill("0.5");
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(dialog, "Make it").click();
      const own = page.getByRole("region", { name: "Your own" });
      const made = own.getByText(/\$0\.50/u);
      await shown(made);
      // How many it has depends on what the owner has set up meanwhile, such as a search engine.
      const tools = Number.parseInt(await made.innerText(), 10);
      await button(page, "Copy: research").click();
      await dialog.getByRole("textbox", { name: "Name" }).fill("travel");
      await button(dialog, "Make it").click();
      await shown(dialog.getByRole("alert"));
      await button(dialog, "Cancel").click();
      await button(page, "Change: travel").click();
      await dialog.getByRole("checkbox", { name: /^Add to-do/u }).check();
      await button(dialog, "Save").click();
      await shown(own.getByText(new RegExp(`^${tools + 1} tools`, "u")));
      await button(page, "Delete: travel").click();
      await button(dialog, "Delete").click();
      await expect.poll(() => button(page, "Delete: travel").count()).toBe(0);
    }));
});
