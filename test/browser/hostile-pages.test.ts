import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BrowserCall } from "../../src/browser/browser-call.ts";
import { BrowserSession, type SessionDeps } from "../../src/browser/browser-session.ts";
import { Browsers } from "../../src/browser/browsers.ts";
import { Cdp } from "../../src/browser/cdp.ts";
import { Refs } from "../../src/browser/refs.ts";
import { browserCall } from "../support/browser-call.ts";
import { type Chromium, startChromium } from "../support/chromium.ts";

let chromium: Chromium;
let session: BrowserSession;
let call: BrowserCall;
/** The site that the user named, and another one. */
let mine = "";
let other = "";
let arrived: string[];
let saved: number[];
let deps: SessionDeps;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    const path = request.url ?? "";
    if (request.method !== "GET") arrived.push(`${request.method} ${path} ${body}`);
    else arrived.push(`GET ${path}`);
    if (path.startsWith("/big")) return void response.writeHead(200, { "content-type": "application/zip" }).end(BIG);
    const page = pages[path.replace(/\?.*/, "")];
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page?.() ?? `<p>${path}</p>`);
  });
});

const BIG = Buffer.alloc(11_000_000);
const many = (count: number): string =>
  Array.from({ length: count }, (_, index) => `<input type="hidden" name="f${index}" value="x">`).join("");
const pages: Readonly<Record<string, () => string>> = {
  "/clobbered": () =>
    `<form action="/pay" method="post"><label>Amount <input name="amount" value="900"></label><select name="elements" hidden><option>1</select><input type="hidden" name="getAttribute"><button>Pay</button></form>`,
  "/long": () =>
    `<form action="/pay" method="post">${many(60)}<label>To <input name="to" value="alice"></label><button>Pay</button></form><a href="#" onclick="document.forms[0].f59.value = 'y'; return false">Change it</a>`,
  "/named-hidden": () =>
    `<form action="/pay" method="post"><label>Amount (hidden) <input name="amount" value="900"></label><button>Pay</button></form>`,
  "/noise": () =>
    `<button onclick="for (let at = 0; at < 30; at++) fetch('/noise-' + at, { method: 'POST' }).catch(() => {}); fetch('/buy', { method: 'POST' }).catch(() => {})">Go</button>`,
  "/twice": () =>
    `<button onclick="fetch('/buy', { method: 'POST' }).then(() => fetch('/count', { method: 'POST' })).catch(() => {})">Buy</button>`,
  "/swaps": () =>
    `<form action="/pay" method="post" onsubmit="document.forms[0].to.value = 'mallory'"><label>To <input name="to" value="alice"></label><button name="how" value="now">Pay</button></form>`,
  "/long-names": () =>
    `<title>${"t".repeat(195)} correct-horse</title><button aria-label="${"b".repeat(195)} correct-horse" onclick="confirm('${"q".repeat(995)} correct-horse'); fetch('/told', { method: 'POST', body: '${"p".repeat(3_995)} correct-horse' }).catch(() => {})">Go</button><label>Note <input value="${"v".repeat(495)} correct-horse"></label><a href="/${"l".repeat(295)}-correct-horse">Away</a>`,
  "/repeats": () =>
    `<label>Search <input oninput="a.href = '${other}/?q=' + encodeURIComponent(encodeURIComponent(this.value))"></label><a id="a" href="${other}/plain">Found</a><a href="${other}/also">More</a>`,
  "/shortcut": () => `<p>Keys</p><script>onkeydown = () => fetch("/by-key", { method: "POST" }).catch(() => {});</script>`,
  "/menu": () =>
    `<a href="#below">Below</a> <a href="/menu?mine">Mine</a> <a href="${other}/letters">Letters</a> <a href="${mine}/menu?next" target="_blank">Beside</a>`,
  "/letters": () => ["a", "b", "c"].map((letter) => `<a href="/letters?${letter}">Letter ${letter}</a>`).join(" "),
  "/script-form": () =>
    `<form action="javascript:void(0)" method="post" onsubmit="fetch('/order', { method: 'POST' }).catch(() => {}); return false"><button>Order</button></form><form action="http://" method="post"><button>Broken</button></form>`,
  "/thief": () =>
    `<p>Sign in below</p><iframe src="${mine}/login" width="400" height="200"></iframe><textarea id="t"></textarea><script>setInterval(() => { if (document.activeElement !== t) t.focus(); }, 0);</script>`,
  "/login": () => `<label>Password <input id="p" type="password"></label><label>Note <input></label>`,
  "/with-ad": () => `<p>Shop</p><iframe src="${other}/ad" width="400" height="200"></iframe>`,
  "/ad": () =>
    `<script>location = URL.createObjectURL(new Blob(["<label>Search the shop <input></label>"], { type: "text/html" }));</script>`,
  "/own-frames": () =>
    `<iframe srcdoc="<label>Inside <input></label>"></iframe><iframe id="made"></iframe><script>made.contentDocument.body.innerHTML = "<label>Made <input></label><div contenteditable role=textbox aria-label=Rich>old</div><label>Long <textarea>before</textarea></label>";</script>`,
  "/flood": () => Array.from({ length: 3 }, (_, index) => `<iframe src="/big?${index}"></iframe>`).join(""),
  "/echo": () => `<a href="${other}/taken?what">Next</a>`,
};

beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  mine = `http://127.0.0.1:${port}`;
  other = `http://localhost:${port}`;
  chromium = await startChromium();
}, 60_000);
afterAll(async () => {
  await chromium.stop();
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  arrived = [];
  saved = [];
  call = browserCall(async (path, _mime, bytes) => `${path}-${saved.push(bytes.byteLength)}`);
  const { socket } = await chromium.launch();
  deps = {
    resolve: async () => ({ kind: "unknown" }),
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    loopback: new Set([mine, other]),
  };
  session = new BrowserSession(socket, deps);
  await session.start();
});
afterEach(() => session.close());

const posts = (): string[] => arrived.filter((one) => !one.startsWith("GET"));
function refOf(text: string, words: string): string {
  const line = text.split("\n").find((one) => /\[e\d+\]/.test(one) && one.includes(words));
  const ref = /\[(e\d+)\]/.exec(line ?? "")?.[1];
  if (ref === undefined) throw new Error(`no ${words} in:\n${text}`);
  return ref;
}
const open = async (path: string, site = mine): Promise<string> => (await session.open(call, { url: `${site}${path}` })).text;
const hostOf = (site: string): string => new URL(site).host;

describe("what a person is shown", () => {
  test("a form's values are shown whatever its fields are called", async () => {
    const { proposal } = await session.click(call, refOf(await open("/clobbered"), "Pay"));
    expect(proposal?.seen.fields).toContainEqual({ field: "Amount", value: "900" });
    expect(proposal?.seen.sends[0]).toMatchObject({ method: "POST", to: `${mine}/pay` });
  });

  test("a value behind very many others is still compared, and that there are more is said", async () => {
    const text = await open("/long");
    const { proposal } = await session.click(call, refOf(text, "Pay"));
    expect(JSON.stringify(proposal?.seen.fields)).toContain("1 more");
    await session.click(call, refOf(text, "Change it"));
    await expect(session.submit(call, proposal?.id ?? "", proposal?.seen ?? null)).rejects.toMatchObject({ code: "conflict" });
    expect(posts()).toEqual([]);
  });

  test("a field that calls itself hidden is shown as one that is not", async () => {
    const { proposal } = await session.click(call, refOf(await open("/named-hidden"), "Pay"));
    expect(proposal?.seen.fields).toEqual([{ field: "Amount", value: "900" }]);
  });

  test("nothing leaves but what was shown", async () => {
    const { proposal } = await session.click(call, refOf(await open("/noise"), "Go"));
    const { sent } = await session.submit(call, proposal?.id ?? "", proposal?.seen ?? null);
    const shown = new Set(proposal?.seen.sends.map(({ to }) => to));
    expect(sent.map(({ url }) => url).filter((url) => !shown.has(url))).toEqual([]);
  });

  test("what is sent a second time is shown a second time", async () => {
    const { proposal } = await session.click(call, refOf(await open("/twice"), "Buy"));
    const again = await session.submit(call, proposal?.id ?? "", proposal?.seen ?? null);
    expect(posts()).toEqual(["POST /buy "]);
    expect(again.text).toMatch(/^Sent: POST \S+\/buy\nNot all of it was\. Pressed once more/);
    expect(again.proposal?.seen.sends.map(({ to }) => to)).toEqual([`${mine}/buy`, `${mine}/count`]);
  });

  test("what a page changes while it is pressed does not leave, and is told; with a yes to that it does", async () => {
    const text = await open("/swaps");
    const { proposal } = await session.click(call, refOf(text, "Pay"));
    expect(proposal?.seen.fields).toEqual([
      { field: "To", value: "alice" },
      { field: "how (hidden)", value: "now" },
    ]);
    const stopped = await session.submit(call, proposal?.id ?? "", proposal?.seen ?? null);
    expect(posts()).toEqual([]);
    expect(stopped.text).toMatch(/^Nothing was sent\.\nStopped: POST to \S+ carried what the user was not shown: "to": "mallory"/);
    expect(stopped.proposal?.seen.sends).toEqual([{ method: "POST", to: `${mine}/pay`, body: "to = mallory\nhow = now" }]);
    await session.submit(call, stopped.proposal?.id ?? "", null);
    expect(posts()).toEqual(["POST /pay to=mallory&how=now"]);
  });

  test("a yes to one thing is none to another of the same id", async () => {
    const text = await open("/twice");
    const { proposal } = await session.click(call, refOf(text, "Buy"));
    if (!proposal) throw new Error("no proposal");
    for (const seen of [
      { ...proposal.seen, sends: [] },
      { ...proposal.seen, asks: ["Sure?"] },
      { ...proposal.seen, screenshot: "/outputs/screenshots/another.jpg" },
    ])
      await expect(session.submit(call, proposal.id, seen)).rejects.toMatchObject({ code: "conflict" });
    expect(posts()).toEqual([]);
  });

  test("an id is of one session alone, also when that one was closed", async () => {
    const store = { begin: () => undefined, used: () => undefined, end: () => undefined, open: () => [], openSince: () => 0 };
    const rest = { store, budget: null, over: () => false, waits: () => false, wakeAt: () => undefined, log: () => undefined };
    const browsers = new Browsers({ ...deps, ...rest, host: chromium });
    await session.close();
    const propose = async (name: string): Promise<string> => {
      const one = await browsers.session(name, true);
      const { text } = await one.open(call, { url: `${mine}/twice` });
      const id = (await one.click(call, refOf(text, "Buy"))).proposal?.id ?? "";
      expect(browsers.proposal(id)?.id).toBe(id);
      await browsers.end(name);
      return id;
    };
    expect(await propose("task:1")).not.toBe(await propose("task:2"));
  });

  test("a form that a script sends has an id that can be used, and one without a good address does no harm", async () => {
    const text = await open("/script-form");
    const { proposal } = await session.click(call, refOf(text, "Order"));
    expect(proposal?.id).toMatch(/^127\.0\.0\.1:\d+#\d+$/);
    const { proposal: second } = await session.submit(call, proposal?.id ?? "", null);
    await session.submit(call, second?.id ?? "", null);
    expect(posts()).toEqual(["POST /order "]);
    expect((await session.click(call, refOf(text, "Broken"))).proposal?.id).toMatch(/^127\.0\.0\.1:\d+#\d+$/);
  });
});

describe("whose page it is", () => {
  test("what is typed into a frame does not go to the page around it", async () => {
    const text = await open("/thief", other);
    const secret = { kind: "secret" as const, valueFor: async () => "correct horse" };
    await session.fill(call, hostOf(mine), [{ ref: refOf(text, "Password"), value: secret }]).catch(() => undefined);
    await session.fill(call, hostOf(mine), [{ ref: refOf(text, "Note"), value: { kind: "text", text: "my note" } }]).catch(() => undefined);
    const after = (await session.read(call, {})).text;
    const outside = after.slice(after.indexOf("[e", after.lastIndexOf('"Note"')));
    expect(outside).not.toContain("correct horse");
    expect(after).toContain('textbox "Note" = "my note"');
    expect(after).toContain('textbox "Password" = "••••••"');
  });

  test("a frame of another site with an address of its own making is not the site around it", async () => {
    await open("/with-ad");
    await session.wait(call, undefined, "Search the shop", 5);
    const { text } = await session.read(call, {});
    await expect(
      session.fill(call, hostOf(mine), [{ ref: refOf(text, "Search the shop"), value: { kind: "text", text: "what I know" } }]),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  test("a site's own frames without an address, rich text and long text are typed into, and emptied", async () => {
    const { text } = await session.open(call, { url: `${mine}/own-frames` });
    const value = (words: string): { kind: "text"; text: string } => ({ kind: "text", text: words });
    const names = ["Inside", "Made", "Rich", "Long"];
    const type = (words: string) =>
      session.fill(
        call,
        hostOf(mine),
        names.map((name) => ({ ref: refOf(text, name), value: value(words) })),
      );
    const { text: full } = await type("new words");
    for (const name of names) expect(full.split("\n").find((line) => line.includes(`"${name}"`))).toContain('= "new words"');
    const { text: empty } = await type("");
    expect(empty).not.toContain("new words");
  });

  test("links of an address that the model wrote are not given by a page, however it is read, and are not followed elsewhere", async () => {
    const own = { ...call, composed: true };
    const { text } = await session.open(own, { url: `${mine}/echo?taken` });
    expect((await session.read(call, {})).links).toEqual([]);
    const { text: after } = await session.click(call, refOf(text, "Next"));
    expect(after).toContain("not followed here");
    expect(arrived).toEqual(["GET /echo?taken"]);
    expect((await session.open(call, { url: `${mine}/echo` })).links).toEqual([`${other}/taken?what`]);
  });
});

describe("what is told by choosing", () => {
  const choices = (left: number): void => void (call.choices = { left, named: (host) => host === hostOf(mine) });

  test("a link to a host that the user did not name counts, and so does each on its pages; on a named one none does", async () => {
    choices(2);
    const text = await open("/menu");
    for (const name of ["Below", "Mine"])
      expect((await session.click(call, refOf((await session.read(call, {})).text, name))).chose).toBe(0);
    expect(text).toContain("Letters");
    const away = await session.click(call, refOf((await session.read(call, {})).text, "Letters"));
    expect(away).toMatchObject({ chose: 1, origin: `${hostOf(other)}/letters` });
    choices(1);
    const next = await session.click(call, refOf(away.text, "Letter b"));
    expect(next.chose).toBe(1);
    choices(0);
    await expect(session.click(call, refOf(next.text, "Letter c"))).rejects.toMatchObject({
      details: { next: expect.stringContaining(`Give site: "${hostOf(other)}"`) },
    });
    await expect(session.scroll(call, undefined, 7)).rejects.toMatchObject({ code: "forbidden" });
    expect((await session.scroll(call, undefined, 1)).chose).toBe(0);
    expect(arrived.at(-1)).toBe("GET /letters?b");
    call.choices = { left: 0, named: (host) => host === hostOf(other), asked: true };
    expect((await session.click(call, refOf(next.text, "Letter c"))).chose).toBe(0);
    expect(arrived.at(-1)).toBe("GET /letters?c");
  });

  test("a link of a named page leads nowhere else once enough were chosen, also in a tab of its own", async () => {
    choices(0);
    const text = await open("/menu");
    const { text: after } = await session.click(call, refOf(text, "Letters"));
    expect(after).toContain("Open its address with browser_open");
    await session.click(call, refOf(text, "Beside"));
    expect(arrived).toEqual(["GET /menu", "GET /menu?next"]);
  });
});

describe("keys", () => {
  test("a key goes to what has the focus, and what would be sent by it is asked about", async () => {
    const text = await open("/clobbered");
    await session.fill(call, hostOf(mine), [{ ref: refOf(text, "Amount"), value: { kind: "text", text: "7" } }]);
    const { proposal } = await session.press(call, "Enter", undefined, undefined);
    expect(proposal).toMatchObject({ act: "Enter", seen: { element: 'textbox "Amount"' } });
    await session.submit(call, proposal?.id ?? "", proposal?.seen ?? null);
    expect(posts()[0]).toContain("amount=7");
  });

  test("a key that nothing has the focus for sends nothing, and says what is missing", async () => {
    await open("/shortcut");
    const { text, proposal } = await session.press(call, "Enter", undefined, undefined);
    expect(text).toMatch(/^Nothing was sent\. To send something with Enter, name the element that gets it: ref\./);
    expect(proposal).toBeNull();
    expect(posts()).toEqual([]);
  });
});

describe("what comes back", () => {
  test("a secret that is cut in a name, a value, an address, a question or a body is taken out before", async () => {
    call.scrub = async (text) => text.replaceAll("correct-horse", "[secret]");
    const { text } = await session.open(call, { url: `${mine}/long-names` });
    expect(text).toContain("[sec");
    const after = await session.click(call, refOf(text, "bbb"));
    expect(after.proposal?.seen.sends[0]?.body).toMatch(/p \[sec/);
    expect(text + JSON.stringify(after)).not.toMatch(/corre|[ -]co*…/);
  });

  test("what was typed into a page is not given back by it as an address", async () => {
    const { text, links } = await session.open(call, { url: `${mine}/repeats` });
    expect(links).toEqual([`${other}/plain`, `${other}/also`]);
    const value = { kind: "text" as const, text: "what Ana told me" };
    const filled = await session.fill(call, hostOf(mine), [{ ref: refOf(text, "Search"), value }]);
    expect(filled.text).toContain("what%2520Ana");
    expect(filled.links).toEqual([`${other}/also`]);
  });
});

describe("the end", () => {
  test("files that a page gives at once are together no larger than one may be", async () => {
    await open("/flood");
    expect(saved.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(20_000_000);
    expect(saved.length).toBeGreaterThan(0);
  });

  test("names of elements are kept up to a number, those that hold a secret always", () => {
    const refs = new Refs(new Cdp({ send: () => undefined, onMessage: () => undefined, onClose: () => undefined, close: () => undefined }));
    const frame = { id: "f", parent: null, loader: "l", url: "", session: "s" };
    const tab = { id: "t1", target: "f", session: "s", frames: new Map(), loading: new Set<string>(), pinned: null };
    const name = (node: number) => refs.of(tab, frame, node, "textbox", "");
    const [secret, plain] = [name(1), name(2)];
    refs.hide(secret);
    for (let node = 3; node < 50_000; node++) name(node);
    expect(() => refs.find(plain.name)).toThrow(/There is no/);
    expect(name(1)).toBe(secret);
    expect(refs.isHidden(name(1))).toBe(true);
    expect(name(2).name).not.toBe(plain.name);
  });

  test("what was cancelled while it waited for its turn is not done", async () => {
    const { proposal } = await session.click(call, refOf(await open("/twice"), "Buy"));
    const cancel = new AbortController();
    const before = session.wait(call, undefined, undefined, 1);
    const sending = session.submit({ ...call, signal: cancel.signal }, proposal?.id ?? "", null);
    cancel.abort();
    await expect(sending).rejects.toThrow(/abort/i);
    await before;
    expect(posts()).toEqual([]);
  });
});
