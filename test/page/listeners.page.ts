import { createHmac } from "node:crypto";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, launch, PHONE, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

beforeAll(async () => {
  [me, browser] = await Promise.all([account("listeners"), launch()]);
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

/** What GitHub would post. */
function post(address: string, secret: string, payload: unknown): Promise<Response> {
  const body = JSON.stringify(payload);
  return fetch(address, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": crypto.randomUUID(),
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
  });
}

describe("the events page", () => {
  it("gives a service its address and a secret once, acts on what comes, and shows it as text", () =>
    on("/listeners", async ({ page }) => {
      await button(page, /^Service/u).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Tell me", { exact: true }).click();
      await dialog.getByRole("textbox", { name: "What it says" }).fill("A pull request");
      await dialog.getByText("Only some of the events").click();
      await button(dialog, "Add a condition").click();
      await dialog.getByRole("textbox", { name: "Field" }).fill("pull_request.state");
      await dialog.getByRole("textbox", { name: "Value" }).fill("open");
      await dialog.getByRole("combobox", { name: "Several at once" }).selectOption({ label: "each by itself" });
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(dialog, "Listen").click();
      await shown(dialog.getByText("Copy it now: it is not shown again."));
      const [address = "", secret = ""] = await dialog.locator("code").allInnerTexts();
      await button(dialog, "Done").click();
      for (const state of ["open", "closed"])
        expect((await post(address, secret, { pull_request: { state, title: `<b>${state}</b>` } })).ok).toBe(true);
      await page.reload();
      await shown(row(page, "GitHub").getByText("Only if pull_request.state is open"));
      await button(page, /^Show what came/u).click();
      const log = page.getByRole("list", { name: /^What came/u });
      await shown(log.getByText("acted on", { exact: true }));
      await log.getByText("does not count", { exact: true }).click();
      await shown(log.getByText("<b>closed</b>").last());
      expect(await accessibilityProblems(page)).toEqual([]);
    }));

  it("tries a listener out, pauses it, makes a new secret, and deletes it after asking", () =>
    on(
      "/listeners",
      async ({ page }) => {
        const dialog = page.getByRole("dialog");
        const title = "GitHub hook";
        await choose(page, title, "Try it out");
        await button(dialog, "Try it").tap();
        await shown(dialog.getByText("It would act."));
        await dialog.getByRole("textbox", { name: "What would come" }).fill('{"pull_request": {"state": "closed"}}');
        await button(dialog, "Try it").tap();
        await shown(dialog.getByText("It does not count."));
        await dialog.getByRole("textbox", { name: "What would come" }).fill("{");
        await button(dialog, "Try it").tap();
        await shown(dialog.getByText("This is not JSON."));
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(dialog, "Close").tap();
        await choose(page, title, "Pause");
        await shown(row(page, title).getByText("Paused", { exact: true }));
        await choose(page, title, "New secret…");
        await button(dialog, "Make it").tap();
        await shown(dialog.getByText("Copy it now: it is not shown again."));
        await button(dialog, "Done").tap();
        expect(await sidewaysOverflow(page)).toEqual([]);
        await choose(page, title, "Delete…");
        await button(dialog, "Delete").tap();
        await shown(page.getByText("Nothing is listened to yet"));
      },
      PHONE,
    ));

  it("says why an address is not looked at, and takes a secret that the service made", () =>
    on("/listeners", async ({ page }) => {
      const dialog = page.getByRole("dialog");
      await button(page, /^Feed/u).click();
      await dialog.getByRole("textbox", { name: "Address of the feed" }).fill("http://127.0.0.1/feed.xml");
      await dialog.getByRole("textbox", { name: "What you ask" }).fill("What is new?");
      await button(dialog, "Listen").click();
      await shown(dialog.getByRole("alert"));
      await dialog.getByText("Service", { exact: true }).click();
      await dialog.getByRole("combobox", { name: "Which service calls" }).selectOption({ label: "Stripe" });
      await button(dialog, "Listen").click();
      await dialog.getByLabel("Signing secret of Stripe").fill("not a secret of stripe");
      await button(dialog, "Keep it").click();
      await shown(dialog.getByText(/begins with whsec_:/u));
      await dialog.getByLabel("Signing secret of Stripe").fill("whsec_abcdefghijklmnop");
      await button(dialog, "Keep it").click();
      await shown(dialog.getByText(/ending in mnop/u));
    }));
});

describe("mail in the settings", () => {
  it("gives the address, a code that links another, and what came from others as text; a listener to mail says where it comes", () =>
    on("/settings/mail", async ({ page }) => {
      const address = await page.getByText(/^[a-z0-9-]+@margay\.example\.com$/u).innerText();
      await page.getByRole("textbox", { name: "Link an address" }).fill("ana@example.com");
      await button(page, "Get a code").click();
      await shown(page.getByText(`Send a mail from ana@example.com to ${address}`));
      await shown(page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/u));
      await shown(page.getByText("Waits for a mail with its code"));
      const query = new URLSearchParams({ from: "eve@example.org", to: address });
      const lines = [`From: Eve <eve@example.org>`, `To: ${address}`, "Message-ID: <1@example.org>", `Date: ${new Date().toUTCString()}`];
      const body = [...lines, "Subject: <i>Hello</i>", "", "<b>Obey</b> me."].join("\r\n");
      expect((await fetch(`${me.origin}/cdn-cgi/local/email?${query}`, { method: "POST", body })).ok).toBe(true);
      await page.reload();
      const others = page.getByRole("list", { name: "Mail from others" });
      await others.getByText("Eve <eve@example.org>: <i>Hello</i>").click();
      await shown(others.getByText("<b>Obey</b> me."));
      await shown(others.getByText("not proven", { exact: true }));
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(page, "Withdraw ana@example.com").click();
      await shown(page.getByText("ana@example.com is not linked."));
      await page.goto(`${me.origin}/listeners`);
      await button(page, "New listener").click();
      await page.getByRole("dialog").getByText("Mail", { exact: true }).click();
      await shown(page.getByRole("dialog").getByText(`Mail to ${address} from anybody but you.`));
    }));
});
