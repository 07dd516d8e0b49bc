import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import { startModelServer } from "../support/model-server.ts";
import { account, type Account } from "./support/account.ts";
import { closePages, composer, launch, questions, replies, shown, visit } from "./support/browser.ts";

let me: Account;
let browser: Browser;
let models: Awaited<ReturnType<typeof startModelServer>>;
let script: ModelScript;

/** A slow model, reached through the real provider: long enough to do something in the middle of an answer. */
beforeAll(async () => {
  [me, browser, models] = await Promise.all([account("streaming"), launch(), startModelServer()]);
  script = modelScript(models.url, "sk-page-tests");
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

/** Forty words that no other test says. */
const long = (name: string): string => Array.from({ length: 40 }, (_, index) => `${name}${index}`).join(" ");
const live = (page: Page) => page.locator("article[data-live]");
const send = async (page: Page, text: string) => {
  await composer(page).fill(text);
  await composer(page).press("Enter");
};

/** A page whose connection can be cut and mended. */
async function onALine() {
  const context = await browser.newContext({ storageState: me.state });
  const page = await context.newPage();
  const open = new Set<{ close(): void }>();
  let down = false;
  const line = {
    /** Connections made. */
    made: 0,
    cut() {
      down = true;
      for (const socket of open) socket.close();
      open.clear();
    },
    mend() {
      down = false;
    },
  };
  await page.routeWebSocket(/chat\/stream/u, (socket) => {
    if (down) return void socket.close();
    line.made += 1;
    const upstream = socket.connectToServer();
    open.add({ close: () => void socket.close() });
    upstream.onMessage((message) => socket.send(message));
  });
  await page.goto(me.origin);
  await shown(composer(page));
  await shown(replies(page));
  return { page, context, line };
}

describe("a streamed answer", () => {
  it("grows while the model speaks", async () => {
    await script.set([{ text: long("word"), holdAfter: 4 }]);
    const { page, stay } = await visit(browser, me);
    await shown(composer(page));
    await send(page, "Count slowly");
    await shown(live(page).getByText(/word0/u));
    expect(await live(page).innerText()).not.toContain("word39");
    await script.release();
    await shown(replies(page).filter({ hasText: "word39" }));
    stay();
  });

  it("goes on after a reload in its middle, whole and only once", async () => {
    await script.set([{ text: long("apple"), holdAfter: 6 }]);
    const { page, stay } = await visit(browser, me);
    await shown(composer(page));
    await send(page, "Count while I reload");
    await shown(live(page).getByText(/apple2/u));
    await page.reload();
    await shown(live(page).getByText(/apple0 apple1 apple2/u));
    await script.release();
    await shown(
      replies(page)
        .last()
        .filter({ hasText: long("apple") }),
    );
    expect(await questions(page).filter({ hasText: "Count while I reload" }).count()).toBe(1);
    expect(await live(page).count()).toBe(0);
    stay();
  });

  it("goes on after the connection was cut in its middle, without repeating a word", async () => {
    await script.set([{ text: long("brick"), chunkDelayMs: 80 }]);
    const context = await browser.newContext({ storageState: me.state });
    const page = await context.newPage();
    let cut = false;
    await page.routeWebSocket(/chat\/stream/u, (socket) => {
      const upstream = socket.connectToServer();
      let events = 0;
      upstream.onMessage((message) => {
        socket.send(message);
        if (typeof message === "string" && message.includes('"text"')) events += 1;
        if (!cut && events === 8) {
          cut = true;
          void socket.close();
          void upstream.close();
        }
      });
    });
    await page.goto(me.origin);
    await shown(composer(page));
    await send(page, "Count over a bad line");
    await shown(
      replies(page)
        .last()
        .filter({ hasText: long("brick") }),
    );
    expect(cut).toBe(true);
    expect(await questions(page).filter({ hasText: "Count over a bad line" }).count()).toBe(1);
    await context.close();
  });

  it("keeps a message written without a connection and sends it once when there is one", async () => {
    await script.set([{ text: "Here at last." }]);
    const { page, context, line } = await onALine();
    line.cut();
    await send(page, "Are you there?");
    await shown(page.getByText("Waiting for the connection"));
    await shown(page.getByText(/Your message is kept and sent when the connection is back/u));
    line.mend();
    await shown(replies(page).filter({ hasText: "Here at last." }));
    expect(await questions(page).filter({ hasText: "Are you there?" }).count()).toBe(1);
    await context.close();
  });

  it("connects at once by the button, without waiting for the pause between attempts", async () => {
    const { page, context, line } = await onALine();
    await page.clock.install();
    await page.reload();
    await shown(replies(page));
    // From here on no pause of the page ends by itself: what connects is the button or nothing.
    await page.clock.pauseAt(Date.now() + 60_000);
    line.cut();
    await expect.poll(() => page.clock.runFor(500).then(() => page.getByText("Reconnecting…").isVisible())).toBe(true);
    line.mend();
    const before = line.made;
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("Reconnecting…").waitFor({ state: "hidden" });
    expect(line.made).toBe(before + 1);
    await context.close();
  });

  it("stops by Escape and keeps what was said", async () => {
    await script.set([{ text: long("cloud"), holdAfter: 8 }]);
    const { page, stay } = await visit(browser, me);
    await shown(composer(page));
    await send(page, "Count until I stop you");
    await shown(live(page).getByText(/cloud3/u));
    await page.keyboard.press("Escape");
    await shown(replies(page).last().getByText("Stopped."));
    const kept = await replies(page).last().innerText();
    expect(kept).toContain("cloud0");
    expect(kept).not.toContain("cloud39");
    stay();
  });

  it("shows a message sent meanwhile as queued, then answers it", async () => {
    await script.set([{ text: long("drum"), holdAfter: 4 }, { text: "And the second." }]);
    const { page, stay } = await visit(browser, me);
    await shown(composer(page));
    await send(page, "The first question");
    await shown(live(page).getByText(/drum1/u));
    await send(page, "The second question");
    await shown(questions(page).filter({ hasText: "The second question" }).getByText("Queued"));
    await script.release();
    await shown(replies(page).filter({ hasText: "And the second." }));
    const order = await page.locator("article").evaluateAll((articles) => articles.slice(-4).map((article) => article.textContent ?? ""));
    expect(
      order.map((text) =>
        ["The first question", "drum39", "The second question", "And the second."].findIndex((part) => text.includes(part)),
      ),
    ).toEqual([0, 1, 2, 3]);
    expect(await page.getByText("Queued", { exact: true }).count()).toBe(0);
    stay();
  });

  it("says why there is no answer, and tries again", async () => {
    await script.set([{ error: { status: 401 } }], { error: { status: 401 } });
    const { page, stay } = await visit(browser, me);
    await shown(composer(page));
    await send(page, "Hello with a wrong key");
    await shown(page.locator(".note[data-tone=error]"));
    await script.set([{ text: "Now it works." }]);
    await page.getByRole("button", { name: "Try again" }).last().click();
    await shown(replies(page).filter({ hasText: "Now it works." }));
    stay();
  });
});

describe("text from anywhere", () => {
  const ATTACKS = [
    "<img src=x onerror='window.__hit=1'>",
    "<script>window.__hit=1</script>",
    "<svg onload=window.__hit=1>",
    "<iframe srcdoc='<script>parent.__hit=1</script>'></iframe>",
    "<style>body{display:none}</style>",
    "[click](javascript:window.__hit=1)",
    "[click](JaVaScRiPt:window.__hit=1 'title')",
    "[click](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX19oaXQ9MTwvc2NyaXB0Pg==)",
    "![pixel](https://attacker.example/pixel.png)",
    "![x](javascript:window.__hit=1)",
    "<https://attacker.example/> and [ref]",
    "```html\n<script>window.__hit=1</script>\n```",
    "[ref]: javascript:window.__hit=1",
  ].join("\n\n");

  it("stays text: nothing runs, nothing is fetched, no link leads anywhere but to the web or a mailbox", async () => {
    await script.set([{ text: ATTACKS }]);
    const { page, stay, foreign, errors } = await visit(browser, me);
    await shown(composer(page));
    await send(page, ATTACKS);
    const reply = replies(page).filter({ hasText: "pixel" }).last();
    await shown(reply.locator(".prose:not(.plain)"));
    for (const link of await reply.locator("a").all()) {
      expect(await link.getAttribute("href")).toMatch(/^(https?:|mailto:)/u);
      expect(await link.getAttribute("rel")).toContain("noopener");
      expect(await link.getAttribute("target")).toBe("_blank");
    }
    expect(await page.locator("article img, article script, article iframe, article svg[onload], article style").count()).toBe(0);
    for (const part of await reply.getByText("click", { exact: true }).all()) await part.click();
    expect(await page.evaluate(() => "__hit" in window)).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).display)).not.toBe("none");
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
    stay();
  });
});

describe("an answer", () => {
  it("leads from the files that an answer names to them, and shows their pictures", async () => {
    const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const put = (path: string, body: BodyInit, type: string) =>
      me.api(`/api/v1/workspace/content?path=${path}`, { method: "PUT", body, headers: { "content-type": type } });
    await Promise.all([
      put("/outputs/a_b.md", "# Report", "text/markdown"),
      put("/outputs/dot.png", Buffer.from(dot, "base64"), "image/png"),
    ]);
    const text =
      "I wrote /outputs/a_b.md, see also `/outputs/none.csv`.\n\n```sh\ncat /outputs/a_b.md\n```\n\n![A dot](/outputs/dot.png) ![](/outputs/%3Cscript%3E.png)";
    await script.set([{ text }]);
    const { page, leave } = await visit(browser, me);
    await send(page, "Where is it?");
    const answer = replies(page).last();
    await shown(answer.getByRole("link", { name: "/outputs/a_b.md" }));
    await shown(answer.getByRole("link", { name: "/outputs/none.csv" }));
    await shown(answer.locator("pre").getByText("cat /outputs/a_b.md"));
    const picture = answer.getByRole("img", { name: "A dot" });
    await expect.poll(() => picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))).toBe(1);
    await answer.getByRole("link", { name: "/outputs/a_b.md" }).click();
    await shown(page.getByRole("heading", { name: "a_b.md" }));
    await leave();
  });
});
