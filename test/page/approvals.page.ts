import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { approval } from "../web/fixtures.ts";
import { account, type Account } from "./support/account.ts";
import { accessibilityProblems, sidewaysOverflow } from "./support/accessibility.ts";
import { closePages, composer, DESK, launch, loaded, PHONE, replies, shown, type Visit, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;

/** Every new to-do is asked about, so that the offline model alone is enough to be asked something. */
beforeAll(async () => {
  [me, browser] = await Promise.all([account("approvals"), launch()]);
  await me.api("/api/v1/settings", { method: "PATCH", body: JSON.stringify({ tools: { add_todo: "ask" } }) });
});

afterAll(async () => {
  await closePages(browser);
});

/** Works on the page, one thing after the other, and checks that it called nobody else and broke nothing. */
async function on(work: (visited: Visit) => Promise<void>, path = "/", options = DESK): Promise<void> {
  const visited = await visit(browser, me, path, options);
  await work(visited);
  expect(visited.foreign).toEqual([]);
  expect(visited.errors).toEqual([]);
  visited.stay();
}

const card = (page: Page, about: string): Locator => page.locator("article.ask", { hasText: about });
const button = (within: Page | Locator, name: string | RegExp): Locator => within.getByRole("button", { name, exact: true });
const reached = (page: Page, about: string, state: string): Promise<void> =>
  page.locator(`article.ask[data-state="${state}"]`, { hasText: about }).waitFor();

/** Asks for a to-do and waits for the card about it. */
async function asked(page: Page, title: string): Promise<Locator> {
  await composer(page).fill(`add task: ${title}`);
  await composer(page).press("Enter");
  await shown(card(page, title));
  return card(page, title);
}

const titles = async (): Promise<string[]> => {
  const answer = await me.api("/api/v1/todos?limit=500");
  return z
    .object({ todos: z.array(z.object({ title: z.string() })) })
    .parse(await answer.json())
    .todos.map(({ title }) => title);
};
const waiting = async (about: string): Promise<string> => {
  const answer = await me.api("/api/v1/approvals");
  const { approvals } = z.object({ approvals: z.array(z.object({ id: z.string(), arguments: z.string() })) }).parse(await answer.json());
  const found = approvals.find((one) => one.arguments.includes(about));
  if (found === undefined) throw new Error(`nothing waits about ${about}`);
  return found.id;
};
const answerByHttp = (id: string, how: "approve" | "reject"): Promise<Response> =>
  me.api(`/api/v1/approvals/${id}/${how}`, { method: "POST", body: "{}" });

describe("an approval card", () => {
  it("says what is asked, why and what Always covers; Once runs it, and the conversation goes on", () =>
    on(async ({ page }) => {
      const about = await asked(page, "water the plants");
      const said = await about.innerText();
      expect(said).toContain("May I?");
      expect(said).toMatch(/expires in 2[34] h/u);
      expect(said).toMatch(/Always will cover: “Add to-do”/u);
      expect(await titles()).not.toContain("water the plants");
      expect(await accessibilityProblems(page)).toEqual([]);
      await button(about, "Once").press("Enter");
      await reached(page, "water the plants", "done");
      expect(await titles()).toContain("water the plants");
      await expect.poll(() => about.evaluate((element) => element === document.activeElement)).toBe(true);
      await shown(page.locator("article.notice", { hasText: "You said yes to “Add to-do”, and it is done" }));
      await shown(replies(page).filter({ hasText: "Done." }));
      // Nothing the person said stands before that answer, so there is nothing to answer anew.
      expect(await button(page, "Answer again").count()).toBe(0);
    }));

  it("shows the complete arguments and everything else under Details", () =>
    on(async ({ page }) => {
      const about = await asked(page, "count <b>every</b> spoon & fork in the house");
      await about.getByText("Details").click();
      const pre = about.getByLabel("Complete arguments");
      expect(z.object({ title: z.string() }).parse(JSON.parse(await pre.innerText())).title).toBe(
        "count <b>every</b> spoon & fork in the house",
      );
      expect(await about.locator("dl").innerText()).toMatch(/add_todo[\s\S]*Changing your data[\s\S]*Web/u);
      expect(await about.locator("b", { hasText: "every" }).count()).toBe(0);
      await button(about, "Deny").click();
      await reached(page, "every", "denied");
    }));

  it("sends a note with a no, and nothing happens", () =>
    on(async ({ page }) => {
      const about = await asked(page, "paint the fence");
      await button(about, "Add a note").click();
      await about.getByRole("textbox", { name: "Tell it why" }).fill("It was painted last week.");
      await button(about, "Deny").click();
      await reached(page, "paint the fence", "denied");
      expect(await about.innerText()).toMatch(/You said no\.[\s\S]*It was painted last week\./u);
      await shown(page.locator("article.notice", { hasText: "It was painted last week." }));
      expect(await titles()).not.toContain("paint the fence");
    }));

  it("sends one answer for a double click", () =>
    on(async ({ page }) => {
      const sent: string[] = [];
      page.on("websocket", (socket) =>
        socket.on("framesent", ({ payload }) => {
          if (String(payload).includes('"type":"answer"')) sent.push(String(payload));
        }),
      );
      await page.reload();
      await loaded(page);
      const about = await asked(page, "feed the cat");
      await button(about, "Once").dblclick({ force: true });
      await reached(page, "feed the cat", "done");
      expect(sent).toHaveLength(1);
      expect((await titles()).filter((title) => title === "feed the cat")).toHaveLength(1);
    }));

  it("changes by itself when it is answered elsewhere", () =>
    on(async ({ page }) => {
      await asked(page, "wash the car");
      expect((await answerByHttp(await waiting("wash the car"), "reject")).status).toBe(200);
      await reached(page, "wash the car", "denied");
      await shown(card(page, "wash the car").getByText("You said no."));
    }));

  it("answers over HTTP while the connection is down, and says in words when another answer was first", async () => {
    const context = await browser.newContext({ ...DESK, storageState: me.state });
    const page = await context.newPage();
    const sockets = new Set<{ close(): void }>();
    let down = false;
    await page.routeWebSocket(/chat\/stream/u, (socket) => {
      if (down) return void socket.close();
      socket.connectToServer();
      sockets.add({ close: () => void socket.close() });
    });
    await page.goto(me.origin);
    await loaded(page);
    await asked(page, "mow the lawn");
    await asked(page, "rake the leaves");
    down = true;
    for (const socket of sockets) socket.close();
    await shown(page.getByText("Reconnecting…"));
    await button(card(page, "mow the lawn"), "Once").click();
    await expect.poll(titles).toContain("mow the lawn");
    await answerByHttp(await waiting("rake the leaves"), "reject");
    await button(card(page, "rake the leaves"), "Once").click();
    await shown(card(page, "rake the leaves").getByText(/settled already: the answer was no/u));
    expect(await titles()).not.toContain("rake the leaves");
    down = false;
    // As when the network comes back: the page does not wait for its next attempt.
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await reached(page, "mow the lawn", "done");
    await reached(page, "rake the leaves", "denied");
    await context.close();
  });

  it("is there again after a reload, and on another page that opens later", () =>
    on(async ({ page }) => {
      await asked(page, "sweep the porch");
      await page.reload();
      await shown(card(page, "sweep the porch"));
      await expect.poll(() => page.title()).toBe("(1) Margay");
      const other = await visit(browser, me, "/approvals");
      await button(card(other.page, "sweep the porch"), "Once").click();
      await reached(other.page, "sweep the porch", "done");
      await reached(page, "sweep the porch", "done");
      await other.leave();
    }));

  it("marks what the person did not name, what looks like something else, and what to be careful about", () =>
    on(async ({ page, leave }) => {
      const shownThere = approval({
        effect: "external",
        tool: "send_mail",
        description: "Send “Invoice” to 2 people\n<img src=x onerror=alert(1)>",
        warning: "Something that was read before this looks as if it tried to give your agent orders.",
        reason: "It goes to somebody you did not name.",
        destinations: [
          { text: "ben@example.com", yours: true, notes: [] },
          { text: "billing@pаypal.example", yours: false, notes: ["It mixes letters of different scripts, some of which look the same."] },
        ],
        expires_at: Date.now() + 3_600_000,
        turn_id: null,
      });
      await page.route(/api\/v1\/approvals\?state=open/u, (route) =>
        route.fulfill({ json: { approvals: [shownThere], next_before: null } }),
      );
      await page.reload();
      const about = card(page, "Send “Invoice”");
      await shown(about);
      const places = about.getByRole("list", { name: "Where it goes" }).getByRole("listitem");
      expect(await places.allInnerTexts()).toEqual([
        expect.stringMatching(/ben@example\.com\s*you named it/u),
        expect.stringMatching(/billing@[\s\S]*not from you[\s\S]*mixes letters/u),
      ]);
      expect(await about.innerText()).toContain("<img src=x onerror=alert(1)>");
      await shown(about.getByText(/tried to give your agent orders/u));
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
      await page.setViewportSize({ width: 360, height: 900 });
      expect([...(await accessibilityProblems(page)), ...(await sidewaysOverflow(page))]).toEqual([]);
      await leave();
    }));

  it("becomes a permission by Always, which is listed and revoked", () =>
    on(async ({ page }) => {
      const about = await asked(page, "call the dentist");
      await button(about, "Always").click();
      await reached(page, "call the dentist", "done");
      await page.goto(`${me.origin}/settings/permissions`);
      await button(page, /^Revoke: “Add to-do”/u).click();
      await shown(page.getByRole("dialog"));
      await button(page.getByRole("dialog"), "Revoke").click();
      await shown(page.getByText("Nothing. Margay asks every time it should."));
      await page.getByText("Ended (1)").click();
      await shown(page.getByText(/revoked: Today/u));
    }));

  it("takes back what was done, by the call in the conversation", () =>
    on(async ({ page }) => {
      const about = await asked(page, "buy stamps");
      await button(about, "Once").click();
      await reached(page, "buy stamps", "done");
      await button(page, /^Undo: .*buy stamps/u).click();
      await shown(page.getByText(/Taken back: /u));
      expect(await titles()).not.toContain("buy stamps");
      await expect.poll(() => button(page, /^Undo: .*buy stamps/u).count()).toBe(0);
    }));
});

describe("the approvals page", () => {
  it("shows what waits, counted beside its name, then how everything ended", () =>
    on(async ({ page }) => {
      await asked(page, "polish the shoes");
      await page.getByRole("link", { name: "Approvals 1 waiting" }).click();
      await shown(page.getByRole("heading", { name: "Approvals" }));
      await expect.poll(() => page.title()).toBe("(1) Approvals · Margay");
      await button(card(page, "polish the shoes"), "Deny").click();
      await shown(page.getByText("Nothing waits for you."));
      await reached(page, "polish the shoes", "denied");
      await shown(card(page, "water the plants").getByText(/You said yes, once\./u));
    }));

  it("fits a phone, dark too, with every answer within reach", () =>
    on(
      async ({ page }) => {
        const about = await asked(page, `go through ${"averylongwordwithoutanyspaces".repeat(6)}`);
        await about.getByText("Details").click();
        expect(await sidewaysOverflow(page)).toEqual([]);
        expect(await accessibilityProblems(page)).toEqual([]);
        for (const name of ["Once", "For this task", "Always", "Deny"]) {
          const box = await button(about, name).boundingBox();
          expect(box && box.x >= 0 && box.x + box.width <= 360 && box.height >= 40).toBe(true);
        }
        await page.goto(`${me.origin}/approvals`);
        await shown(about);
        expect(await sidewaysOverflow(page)).toEqual([]);
        await button(about, "Deny").tap();
        await shown(page.getByText("Nothing waits for you."));
      },
      "/",
      { ...PHONE, colorScheme: "dark" },
    ));
});
