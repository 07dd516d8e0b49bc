// Long because all of it speaks to one Chromium, whose start takes longer than most of it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BrowserCall } from "../../src/browser/browser-call.ts";
import type { CdpSocket } from "../../src/browser/cdp.ts";
import { BrowserSession } from "../../src/browser/browser-session.ts";
import { Browsers } from "../../src/browser/browsers.ts";
import { browsing } from "../../src/tools/browser/browsing.ts";
import { browserCall } from "../support/browser-call.ts";
import { type BrowserSite, startBrowserSite } from "../support/browser-site.ts";
import { type Chromium, startChromium } from "../support/chromium.ts";

let chromium: Chromium;
let site: BrowserSite;
let session: BrowserSession;
let socket: CdpSocket;
let saved: Map<string, Uint8Array>;
let call: BrowserCall;

beforeAll(async () => {
  [chromium, site] = await Promise.all([startChromium(), startBrowserSite()]);
}, 60_000);
afterAll(async () => {
  await chromium.stop();
  await site.close();
});
beforeEach(async () => {
  site.arrived.length = 0;
  saved = new Map();
  call = browserCall(async (path, _mime, bytes) => {
    saved.set(path, bytes);
    return path;
  });
  ({ socket } = await chromium.launch());
  session = new BrowserSession(socket, {
    resolve: async () => ({ kind: "unknown" }),
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    loopback: new Set([site.origin, site.other]),
  });
  await session.start();
});
afterEach(() => session.close());

const posts = (): string[] =>
  site.arrived.filter(({ method }) => method !== "GET").map(({ method, path, body }) => `${method} ${path} ${body}`);
const host = (): string => new URL(site.origin).host;
/** The name of an element in a text, by what stands behind it. */
function refOf(text: string, words: string): string {
  const line = text.split("\n").find((one) => /\[e\d+\]/.test(one) && one.includes(words));
  const ref = /\[(e\d+)\]/.exec(line ?? "")?.[1];
  if (ref === undefined) throw new Error(`no ${words} in:\n${text}`);
  return ref;
}
const open = async (path: string): Promise<string> => (await session.open(call, { url: `${site.origin}${path}` })).text;

describe("reading", () => {
  test("open() gives a page as text, with names for what can be acted on and links that were seen", async () => {
    const { text, links, origin, failed } = await session.open(call, { url: `${site.origin}/` });
    expect(failed).toBe(false);
    expect(text).not.toContain("Status:");
    expect(text).toContain("# A small shop\nHello you, come in.");
    expect(text).toContain('link "To the shop" → /shop');
    expect(text).toContain("Thing | Price\nPen | 2 €");
    expect(links).toEqual([`${site.origin}/shop`, `${site.other}/x`]);
    expect(origin).toBe(`${host()}/`);
  });

  test("open() says with what status a site answered that has no such page", async () => {
    expect(await session.open(call, { url: `${site.origin}/nowhere` })).toMatchObject({
      status: 404,
      text: expect.stringContaining("Status: 404"),
    });
    expect((await session.open(call, { url: `${site.origin}/shop` })).status).toBeUndefined();
  });

  test("read() keeps the names of elements, and says so when one is gone", async () => {
    const before = await open("/shop");
    const ref = refOf(before, "Item");
    expect(refOf((await session.read(call, {})).text, "Item")).toBe(ref);
    await open("/");
    await expect(session.click(call, ref)).rejects.toMatchObject({ code: "gone" });
  });

  test("read() includes frames of the same site and of another, where clicks arrive too", async () => {
    const text = await open("/frames");
    expect(text).toContain(`(frame ${site.origin}/inner)`);
    const far = text.slice(text.indexOf(`(frame ${site.other}/inner)`));
    const { text: after } = await session.click(call, refOf(far, "Press me"));
    const there = after.slice(after.indexOf(`(frame ${site.other}/inner)`));
    expect(there).toContain('button "Pressed"');
    const near = await session.click(call, refOf(text, "Press me"));
    expect(near.text.match(/"Pressed"/g)).toHaveLength(2);
    const filled = await session.fill(call, new URL(site.other).host, [
      { ref: refOf(there, "Inner field"), value: { kind: "text", text: "far away" } },
    ]);
    expect(filled.text.slice(filled.text.indexOf(`(frame ${site.other}/inner)`))).toContain('"Inner field" = "far away"');
  });

  test("read() finds words, and scroll() brings more of an endless list", async () => {
    await open("/endless");
    expect((await session.read(call, { find: "Entry 25" })).text).toContain("Nothing on the page holds");
    await session.scroll(call, undefined, 5);
    const { text } = await session.read(call, { find: "Entry 25" });
    expect(text).toContain("Entry 25");
    expect(text).not.toContain("Entry 2\n");
  });

  test("wait() ends when the words come", async () => {
    await open("/inner");
    expect((await session.wait(call, undefined, "Never", 1)).text).toContain('"Never" did not come within 1 seconds');
    expect((await session.wait(call, undefined, "inside", 5)).text).not.toContain("did not come");
  });
});

describe("what sends asks", () => {
  test("a form of two steps is sent step by step, each after a yes, with its values", async () => {
    const text = await open("/shop");
    await session.fill(call, host(), [{ ref: refOf(text, "Item"), value: { kind: "text", text: "Pen" } }]);
    const { text: chosen } = await session.select(call, refOf(text, "Size"), "L");
    expect(chosen).toContain('combobox "Size" = "L"');
    const { proposal } = await session.click(call, refOf(text, "Next"));
    expect(posts()).toEqual([]);
    expect(proposal?.id).toBe(`${host()}#1`);
    expect(proposal?.seen.fields).toEqual([
      { field: "Item", value: "Pen" },
      { field: "Size", value: "L" },
      { field: "price (hidden)", value: "10" },
    ]);
    expect(saved.get(proposal?.seen.screenshot ?? "")?.length).toBeGreaterThan(1_000);

    const second = await session.submit(call, proposal?.id ?? "", proposal?.seen ?? null);
    expect(posts()).toEqual(["POST /address item=Pen&size=L&price=10"]);
    expect(second.text).toContain("# Address");
    await session.fill(call, host(), [{ ref: refOf(second.text, "Street"), value: { kind: "text", text: "Main Street 1" } }]);
    const order = await session.click(call, refOf(second.text, "Order now"));
    const { text: done } = await session.submit(call, order.proposal?.id ?? "", null);
    expect(done).toContain("Order 17 is on its way.");
  });

  test("Enter in a form asks like its button", async () => {
    const text = await open("/shop");
    const { proposal } = await session.press(call, "Enter", refOf(text, "Item"), undefined);
    expect(proposal?.act).toBe("Enter");
    expect(posts()).toEqual([]);
    await session.submit(call, proposal?.id ?? "", null);
    expect(posts()).toHaveLength(1);
  });

  test("a click that secretly posts, beacons or opens a socket sends nothing", async () => {
    const text = await open("/quiet");
    const { text: after, proposal } = await session.click(call, refOf(text, "Show more"));
    expect(after).toContain("not sent");
    expect(after).toContain("browser_submit");
    expect(site.arrived.map(({ path }) => path)).toEqual(["/quiet", "/no-socket"]);
    expect(proposal?.seen.sends.map(({ to, body }) => [to, body])).toContainEqual([`${site.origin}/quiet-post`, "secret=1"]);
    await session.submit(call, proposal?.id ?? "", null);
    expect(posts()).toContain("POST /quiet-post secret=1");
  });

  test("sockets are away in frames of other sites, in frames made by script and in workers, and there are no service workers", async () => {
    await open("/socket-frame");
    await session.wait(call, undefined, undefined, 1);
    const paths = site.arrived.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
    expect(paths).not.toContain("SOCKET /socket");
    expect(paths.filter((path) => path === "GET /no-socket")).toHaveLength(2);
    for (const name of ["no-socket-worker", "no-socket-shared", "no-service-worker"]) expect(paths).toContain(`GET /${name}`);
  });

  test("a page that lies changes nothing: what it wants to send is held back, and its button is shown by what is written on it", async () => {
    const text = await open("/lies");
    const { proposal: leak } = await session.click(call, refOf(text, "Continue"));
    expect(leak?.id).toBe(`${new URL(site.other).host}#1`);
    const { proposal } = await session.click(call, refOf(text, "Cancel"));
    expect(proposal?.seen.element).toBe('button "Cancel" (written on it: "Buy now for 900 €")');
    expect(proposal?.seen.sends).toEqual([{ method: "POST", to: `${site.origin}/buy`, body: "price = 900" }]);
    expect(posts()).toEqual([]);
  });

  test.each([
    ["Input.dispatchMouseEvent", "Whether it was sent is not known"],
    ["Fetch.continueRequest", "Sent: POST"],
  ])("submit() never says that it was not sent where the browser ended after %s", async (last, words) => {
    const { proposal } = await session.click(call, refOf(await open("/shop"), "Next"));
    const send = socket.send.bind(socket);
    socket.send = (text) => {
      send(text);
      if (text.includes(last)) socket.close();
    };
    const submitted = session.submit(call, proposal?.id ?? "", null);
    await expect(submitted).rejects.toMatchObject({
      message: expect.stringMatching(words),
      details: { next: expect.stringContaining("Do not send it again") },
    });
  });

  test("submit() refuses what was changed since it was shown, also in a hidden field, and sends nothing", async () => {
    const text = await open("/changing");
    const { proposal } = await session.click(call, refOf(text, "Pay"));
    await session.click(call, refOf(text, "Change it"));
    await expect(session.submit(call, proposal?.id ?? "", proposal?.seen ?? null)).rejects.toThrow(
      /to \(hidden\) was "alice" and is now "mallory"/,
    );
    await expect(session.submit(call, "127.0.0.1#99", null)).rejects.toMatchObject({ code: "gone" });
    expect(posts()).toEqual([]);
  });

  test("submit() refuses where another picture lies in the place of the one that was asked with", async () => {
    const states = new Map<string, string>();
    const asking = browserCall(
      async (path) => {
        states.set(path, "f1 1");
        return path;
      },
      (path) => states.get(path) ?? null,
    );
    const text = await open("/changing");
    const { proposal } = await session.click(asking, refOf(text, "Pay"));
    const picture = proposal?.seen.screenshot ?? "";
    expect(states.get(picture)).toBe("f1 1");
    states.set(picture, "f1 2");
    await expect(session.submit(asking, proposal?.id ?? "", proposal?.seen ?? null)).rejects.toThrow(/its picture/);
    expect(posts()).toEqual([]);
    states.set(picture, "f1 1");
    await session.submit(asking, proposal?.id ?? "", proposal?.seen ?? null);
    expect(posts()).toHaveLength(1);
  });

  test("what a person is shown is what the form holds, whatever the page made of its own objects", async () => {
    const text = await open("/tampered");
    const { proposal } = await session.click(call, refOf(text, "Pay"));
    expect(proposal?.seen.fields).toEqual([{ field: "Amount", value: "900" }]);
  });

  test("a click does not go to what lies over the element", async () => {
    const text = await open("/overlay");
    await expect(session.click(call, refOf(text, "Free"))).rejects.toThrow(/covered by something else/);
    expect(posts()).toEqual([]);
  });

  test("a search on its own site goes by itself; what was typed does not go to another", async () => {
    const text = await open("/search");
    await session.fill(call, host(), [{ ref: refOf(text, "Search"), value: { kind: "text", text: "blue pens" } }]);
    const { text: found } = await session.press(call, "Enter", refOf(text, "Search"), undefined);
    expect(found).toContain("Results");
    const back = await session.back(call, undefined);
    await session.fill(call, host(), [{ ref: refOf(back.text, "Abroad"), value: { kind: "text", text: "blue pens" } }]);
    const { proposal } = await session.click(call, refOf(back.text, "Go"));
    expect(proposal?.id).toBe(`${new URL(site.other).host}#1`);
    expect(site.arrived.filter(({ path, host: at }) => path.startsWith("/results") && at === new URL(site.other).host)).toEqual([]);
  });

  test("a question of the page is answered no and told; with a yes to it, yes", async () => {
    const text = await open("/dialogs");
    expect((await session.click(call, refOf(text, "Say"))).text).toContain('The page said (alert): "Hello there"');
    const asked = await session.click(call, refOf(text, "Delete"));
    expect(asked.text).toContain('asked (confirm): "Really delete?". Answered no.');
    expect(asked.proposal?.seen.asks).toEqual(["Really delete?"]);
    const again = await session.submit(call, asked.proposal?.id ?? "", null);
    // What it sends was not shown yet, so that is asked about too.
    expect(posts()).toEqual([]);
    expect(again.proposal?.seen).toMatchObject({ asks: ["Really delete?"], sends: [{ method: "POST", to: `${site.origin}/delete` }] });
    const done = await session.submit(call, again.proposal?.id ?? "", null);
    expect(posts()).toEqual(["POST /delete "]);
    expect(done.text).toContain("Deleted");
  });
});

describe("secrets", () => {
  const secret = (value: string) => ({ kind: "secret" as const, valueFor: async () => value });

  test("fill() puts a secret into a field on its host, and nothing that is read or shown holds it", async () => {
    const text = await open("/login");
    const filled = await session.fill(call, host(), [
      { ref: refOf(text, "User"), value: secret("ana-the-user") },
      { ref: refOf(text, "Password"), value: secret("correct horse") },
    ]);
    expect(filled.text).not.toContain("ana-the-user");
    expect(filled.text).not.toContain("correct");
    expect(filled.text).toContain('textbox "User" = "••••••"');
    const { proposal } = await session.click(call, refOf(text, "Sign in"));
    expect(proposal?.seen.fields).toEqual([
      { field: "User", value: "••••••" },
      { field: "Password", value: "••••••" },
    ]);
    expect(JSON.stringify(proposal)).not.toContain("correct");
    await session.submit(call, proposal?.id ?? "", null);
    expect(posts()).toEqual(["POST /account user=ana-the-user&password=correct+horse"]);
  });

  test("fill() types nothing where the field is on another host than was said, also in a frame", async () => {
    const text = await open("/login");
    await expect(session.fill(call, "bank.example", [{ ref: refOf(text, "Password"), value: secret("x") }])).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("files and the end", () => {
  test("fill() gives a page a file, which leaves with the form only", async () => {
    const text = await open("/upload");
    const bytes = new TextEncoder().encode("three lines");
    await session.fill(call, host(), [
      { ref: refOf(text, "Your file"), value: { kind: "file", name: "notes.txt", mime: "text/plain", bytes } },
    ]);
    const { proposal } = await session.click(call, refOf(text, "Send"));
    expect(proposal?.seen.fields).toEqual([{ field: "Your file", value: "notes.txt" }]);
    expect(posts()).toEqual([]);
    await session.submit(call, proposal?.id ?? "", null);
    expect(posts()[0]).toContain("three lines");
  });

  test("a session that lost its connection has no page left that could go on sending", async () => {
    await open("/beats");
    await session.wait(call, undefined, undefined, 1);
    const before = posts().length;
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(posts().slice(before)).toEqual([]);
  });
});

describe("the network", () => {
  test("open() follows no redirect to a private address, and says where it led", async () => {
    const { text, failed } = await session.open(call, { url: `${site.origin}/to-private` });
    expect(failed).toBe(true);
    expect(text).toMatch(/Could not open .*127\.0\.0\.2.* private or reserved network/);
    expect(site.arrived.map(({ path }) => path)).toEqual(["/to-private"]);
  });

  test("open() of an address that the model wrote does not go on to another host", async () => {
    const { text } = await session.open({ ...call, composed: true }, { url: `${site.origin}/to-other` });
    expect(text).toMatch(/which is not followed here/);
    expect(site.arrived.map(({ path }) => path)).toEqual(["/to-other"]);
  });

  test("a name that leads to a private address is not asked", async () => {
    await session.close();
    const second = await chromium.launch();
    const other = new BrowserSession(second.socket, {
      resolve: async () => ({ kind: "addresses", addresses: ["10.0.0.1"] }),
      now: () => Date.now(),
      newId: () => "x",
    });
    await other.start();
    const { text } = await other.open(call, { url: "http://inside.example.com/" });
    expect(text).toContain("inside.example.com leads to 10.0.0.1");
    await other.close();
  });

  test("a file is saved under a plain name, one that is too large is not, and a link that downloads works", async () => {
    const text = await open("/files");
    const report = await session.click(call, refOf(text, "Report"));
    expect(report.text).toContain("Saved the file /uploads/");
    expect([...saved.keys()]).toEqual(["/uploads/.._.._report.csv".replace(/^\/uploads\/\.+/, "/uploads/")]);
    expect(new TextDecoder().decode([...saved.values()][0])).toBe("a,b\n1,2\n");
    const plain = await session.click(call, refOf(text, "Plain"));
    expect(plain.text).toMatch(/Saved the file \/uploads\/plain\.txt|plain words|Tab/);
    const large = await session.open(call, { url: `${site.origin}/large` });
    expect(large.text).toContain("larger than 20 MB");
  });

  test("a link that opens a tab gives a tab, which can be read and closed", async () => {
    const text = await open("/popup");
    const { text: after } = await session.click(call, refOf(text, "Open it"));
    expect(after).toMatch(/It opened tab t\d/);
    const tab = /opened tab (t\d+)/.exec(after)?.[1] ?? "";
    expect((await session.read(call, { tab })).text).toContain("Inside");
    expect(await session.closeTab(tab)).toEqual({ left: 1 });
  });
});

describe("browsing()", () => {
  test("a secret is filled in on its own hosts only, name and password each into its field", async () => {
    await session.close();
    const rows = { begin: () => undefined, used: () => undefined, end: () => undefined, open: () => [], openSince: () => 0 };
    const browsers = new Browsers({
      host: chromium,
      store: rows,
      budget: null,
      over: () => false,
      waits: () => false,
      wakeAt: () => undefined,
      resolve: async () => ({ kind: "unknown" }),
      log: () => undefined,
      now: () => Date.now(),
      newId: () => crypto.randomUUID(),
      loopback: new Set([site.origin, site.other]),
    });
    const used: string[] = [];
    const hosts: Record<string, string[]> = { shop: [host()], elsewhere: ["bank.example.com"], everywhere: ["*"] };
    const port = browsing({
      browsers,
      nameOf: () => "task:a",
      vault: {
        useOf: (name) => (hosts[name] === undefined ? null : { hosts: hosts[name], place: "basic" }),
        get: async () => "ana-the-user:correct horse",
      },
      used: (name, at) => void used.push(`${name} ${at}`),
      save: async (_call, path) => path,
      read: async () => ({ name: "", mime: "", bytes: new Uint8Array() }),
      fileState: () => ({ seen: "f1 2", size: 3 }),
    });
    const caller = {
      callId: "a:1",
      conversationId: null,
      signal: call.signal,
      composed: false,
      hosts: null,
      choices: null,
      scrub: call.scrub,
    };
    const { text } = await port.open(caller, { url: `${site.origin}/login` });
    expect(port.named(caller, refOf(text, "Password"))).toBe('textbox "Password"');
    expect(port.named(caller, "e99")).toBeNull();
    const fields = (secret: string) => [
      { ref: refOf(text, "User"), secret },
      { ref: refOf(text, "Password"), secret },
    ];
    await expect(port.type(caller, host(), fields("elsewhere"))).rejects.toMatchObject({ code: "forbidden" });
    await expect(port.type(caller, host(), fields("everywhere"))).rejects.toMatchObject({ code: "forbidden" });
    await expect(port.type(caller, host(), fields("unknown"))).rejects.toMatchObject({ code: "not_found" });
    // It was asked about as it was before.
    const file = { ref: refOf(text, "User"), file: "/uploads/a.pdf", seen: "f1 1" };
    await expect(port.type(caller, host(), [file])).rejects.toMatchObject({ code: "conflict" });
    expect(used).toEqual([]);
    const filled = await port.type(caller, host(), fields("shop"));
    expect(filled.text).not.toMatch(/ana-the-user|correct/);
    expect(used).toEqual([`shop ${host()}`, `shop ${host()}`]);
    const { proposal } = await port.act(caller, { do: "click", ref: refOf(text, "Sign in") });
    await port.submit(caller, proposal?.id ?? "", null);
    expect(posts()).toEqual(["POST /account user=ana-the-user&password=correct+horse"]);
    await browsers.end("task:a");
  });
});
