import { describe, expect, test } from "vitest";
import { covers } from "../../../src/permission/capability.ts";
import { sourceOf } from "../../../src/permission/provenance.ts";
import { UserWord } from "../../../src/permission/user-word.ts";
import type { Proposal } from "../../../src/browser/proposal.ts";
import { browserAct } from "../../../src/tools/browser/browser-act.ts";
import { browserOpen } from "../../../src/tools/browser/browser-open.ts";
import { browserSubmit } from "../../../src/tools/browser/browser-submit.ts";
import { browserType } from "../../../src/tools/browser/browser-type.ts";
import { browsing } from "../../../src/tools/browser/browsing.ts";
import { Browsers } from "../../../src/browser/browsers.ts";
import type { Choices } from "../../../src/browser/choices.ts";
import type { CallMarks } from "../../../src/tools/compiled-tool.ts";
import type { BrowserPort, BrowserStores } from "../../../src/tools/browser/browser-port.ts";
import { DEFAULT_GRANTS } from "../../../src/tools/registry.ts";

const word = { word: new UserWord(["Order a pen at shop.example.com"], []), given: new Set<string>() };
const seen = {
  page: "https://shop.example.com/cart",
  element: 'button "Pay"',
  fields: [
    { field: "Amount", value: "10" },
    { field: "Password", value: "••••••" },
    { field: "to (hidden)", value: "alice" },
  ],
  sends: [{ method: "POST", to: "https://shop.example.com/pay", body: "amount = 10" }],
  asks: [],
  screenshot: "/outputs/screenshots/a.jpg",
};
const proposal: Proposal = { id: "shop.example.com#1", ref: "e1", act: "click", seen, sends: [], fingerprint: "", top: "" };

const stateOf = (path: string): { seen: string; size: number } | null =>
  path === "/uploads/passport.pdf" ? { seen: "f1 2", size: 2_000 } : null;

const asker = { id: "t:0.0", conversationId: "main" };

/** Stores of which only proposals and files are asked for. */
function stores(known: Proposal | null): BrowserStores & { browser: { act: BrowserPort["act"] } } {
  const refuse = (): never => {
    throw new Error("not asked here");
  };
  const browser = {
    open: refuse,
    read: refuse,
    act: refuse,
    type: refuse,
    screenshot: refuse,
    submit: refuse,
    proposal: () => known,
    named: (_caller: unknown, ref: string) => (ref === "e2" ? 'textbox "Password"' : null),
    fileState: stateOf,
  };
  const files = {
    list: refuse,
    read: refuse,
    search: refuse,
    write: refuse,
    done: refuse,
    move: refuse,
    moveBack: refuse,
    delete: refuse,
    undelete: refuse,
    takeBack: refuse,
  };
  return { browser, files };
}

const context = {
  idempotencyKey: "k",
  signal: new AbortController().signal,
  now: () => 0,
  saidAt: 0,
  timeZone: "UTC",
  tainted: false,
  composed: false,
  profile: null,
  scrub: async (text: string) => text,
  stores: stores(null),
};

describe("what the gate knows of browser tools", () => {
  test("browser_open reads its address, by the host's capability; what the filter refuses is granted to nobody", () => {
    expect(browserOpen.destinations({ url: "https://example.com/a" })).toEqual(["https://example.com/a"]);
    expect(browserOpen.capabilities({ url: "https://example.com/a" })).toEqual(["browser.use", "net.fetch:example.com"]);
    expect(browserOpen.capabilities({ url: "http://localhost/" })).toContain("net.fetch:invalid.example");
    expect(browserOpen.destinations({ url: "file:///etc/passwd" })).toEqual([]);
  });

  test("browser_type is free where the user named the site, else its destination is the model's, which asks; secrets and files leave", () => {
    const typed = (site: string) =>
      browserType.destinations({ site, fields: [{ ref: "e1", text: "x" }] }).map((to) => sourceOf(to, "read", word));
    expect(typed("shop.example.com")).toEqual(["user"]);
    expect(typed("evil.example.org")).toEqual(["model"]);
    expect(browserType.effect({ site: "a.example", fields: [{ ref: "e1", text: "x" }] })).toBe("read");
    expect(
      browserType.effect({
        site: "a.example",
        fields: [
          { ref: "e1", text: "x" },
          { ref: "e2", secret: "bank" },
        ],
      }),
    ).toBe("external");
    expect(browserType.effect({ site: "a.example", fields: [{ ref: "e1", file: "/a.pdf" }] })).toBe("external");
    expect(browserType.capabilities({ site: "a.example", fields: [{ ref: "e2", secret: "bank" }] })).toContain("secrets.use:bank");
    expect(browserType.input.safeParse({ site: "a.example", fields: [{ ref: "e1", text: "x", secret: "y" }] }).success).toBe(false);
  });

  test("browser_type asks about a secret by what its field is called, and about nothing else than its arguments", () => {
    const input = { site: "a.example", fields: ["e1", "e2"].map((ref) => ({ ref, secret: "bank" })) };
    expect(browserType.asked?.(input, stores(null), asker)).toEqual({
      input,
      description: 'Type on a.example: the secret bank into [e1], the secret bank into textbox "Password" [e2]',
    });
  });

  test("browser_open of a page that is not there has failed, and says why", async () => {
    const page = {
      text: "Could not open it: net::ERR_NAME_NOT_RESOLVED",
      origin: "a.example",
      links: [],
      proposal: null,
      sent: [],
      chose: 0,
    };
    const open = (failed: boolean) => ({ ...stores(null).browser, open: async () => ({ ...page, failed }) });
    const opened = (failed: boolean) =>
      browserOpen.execute({ url: "https://a.example/" }, { ...context, stores: { ...stores(null), browser: open(failed) } });
    expect(await opened(true)).toMatchObject({ failed: true, summary: "Could not open a.example", output: page.text });
    expect(await opened(false)).toMatchObject({ failed: false, summary: "Opened a.example" });
  });

  test("browser_type asks about what is given away first, whatever else is typed", () => {
    const fields = [
      { ref: "e1", text: "x".repeat(20_000) },
      { ref: "e2", file: "/uploads/passport.pdf" },
    ];
    expect(browserType.describe?.({ site: "a.example", fields })).toBe(
      `Type on a.example: the file /uploads/passport.pdf into [e2], "${"x".repeat(200)}…" into [e1]`,
    );
  });

  test("browser_type asks about a file as it is now, whatever the model says it is, and not about one that is not there", () => {
    const fields = [{ ref: "e2", file: "/uploads/passport.pdf", seen: "f9 9" }];
    expect(browserType.asked?.({ site: "a.example", fields }, stores(null), asker)).toEqual({
      input: { site: "a.example", fields: [{ ...fields[0], seen: "f1 2" }] },
      description: 'Type on a.example: the file /uploads/passport.pdf (2.0 kB) into textbox "Password" [e2]',
    });
    const gone = [{ ref: "e2", file: "/uploads/none.pdf" }];
    expect(browserType.asked?.({ site: "a.example", fields: gone }, stores(null), asker)).toEqual({
      refused: "There is no file /uploads/none.pdf.",
    });
    const typed = { site: "a.example", fields: [{ ref: "e1", text: "x" }] };
    expect(browserType.asked?.(typed, stores(null), asker)).toEqual({ input: typed, description: browserType.describe?.(typed) });
  });

  test("browser_submit goes to the host that its id names, always external", () => {
    expect(browserSubmit.destinations({ id: "shop.example.com#1" })).toEqual(["shop.example.com"]);
    expect(browserSubmit.effect({ id: "shop.example.com#1" })).toBe("external");
    expect(browserSubmit.capabilities({ id: "shop.example.com#1" })).toContain("net.fetch:shop.example.com");
    expect(browserSubmit.input.safeParse({ id: "no number" }).success).toBe(false);
  });

  test("browser_submit shows the person what the browser has, whatever the model wrote", () => {
    const lie = { ...seen, fields: [{ field: "Amount", value: "1" }] };
    const asked = browserSubmit.asked?.({ id: proposal.id, seen: lie }, stores(proposal), asker);
    expect(asked).toEqual({
      input: { id: proposal.id, seen },
      description:
        'Press button "Pay" on https://shop.example.com/cart, which sends to shop.example.com (POST) with Amount: "10", Password: "••••••"',
    });
    expect(browserSubmit.asked?.({ id: proposal.id, seen: lie }, stores(null), asker)).toEqual({
      refused: `Nothing is held back as ${proposal.id}.`,
      next: "Read the page and do it again: browser_act gives the id.",
    });
  });

  test("browser_act counts what it chose against addresses that pages gave; with a site it is asked about, and free there alone", async () => {
    expect(browserAct.destinations({ do: "click", ref: "e1" })).toEqual([]);
    const on = (site: string) => browserAct.destinations({ do: "click", ref: "e1", site }).map((to) => sourceOf(to, "read", word));
    expect([on("shop.example.com"), on("evil.example.org")]).toEqual([["user"], ["model"]]);
    let choices: Choices | null = null;
    const all = stores(null);
    all.browser.act = async (caller) => {
      ({ choices } = caller);
      return { text: "Done.", origin: "evil.example.org/", links: [], proposal: null, sent: [], chose: 1 };
    };
    const act = async (marks: Partial<CallMarks> | null, site?: string): Promise<Choices | null> => {
      const known = {
        turnId: "t",
        taskId: null,
        conversationId: null,
        suspicious: false,
        profile: null,
        saidAt: 0,
        origin: "attended" as const,
      };
      const at = marks === null ? null : { ...known, tainted: true, provenance: { ...word, usedGiven: 5 }, ...marks };
      const outcome = await browserAct.execute({ do: "click", ref: "e1", site }, { ...context, marks: at, stores: all });
      expect(outcome.usedGiven).toBe(1);
      return choices;
    };
    const counted = await act({});
    expect(counted?.left).toBe(15);
    expect([counted?.named("shop.example.com"), counted?.named("www.shop.example.com:8443"), counted?.named("evil.example.org")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await act({ tainted: false })).toBeNull();
    expect(await act({ origin: "user" })).toBeNull();
    expect(await act(null)).toBeNull();
    const asked = await act(null, "evil.example.org");
    expect([asked?.left, asked?.asked, asked?.named("evil.example.org"), asked?.named("other.example.org")]).toEqual([
      0,
      true,
      true,
      false,
    ]);
  });

  test("browser_act asks for what it needs in words", async () => {
    await expect(browserAct.execute({ do: "click" }, context)).rejects.toThrow(/say what: ref/);
    await expect(browserAct.execute({ do: "press", value: "F13" }, context)).rejects.toThrow(/Enter/);
    await expect(browserAct.execute({ do: "scroll", value: "a lot" }, context)).rejects.toThrow(/number of screens/);
  });

  test("browser.use is granted from the start; what it needs beside is the web's", () => {
    expect(["browser.use", "net.fetch:shop.example.com"].every((needed) => DEFAULT_GRANTS.some((have) => covers(have, needed)))).toBe(true);
  });
});

test("browsing() without a browser says what to do", async () => {
  const deps = { begin: () => undefined, used: () => undefined, end: () => undefined, open: () => [], openSince: () => 0 };
  const browsers = new Browsers({
    host: null,
    store: deps,
    budget: null,
    over: () => false,
    waits: () => false,
    wakeAt: () => undefined,
    resolve: async () => ({ kind: "unknown" }),
    log: () => undefined,
    now: () => 0,
    newId: () => "i",
  });
  const port = browsing({
    browsers,
    nameOf: () => "task:a",
    vault: { useOf: () => null, get: async () => null },
    used: () => undefined,
    save: async (_call, path) => path,
    read: async () => ({ name: "", mime: "", bytes: new Uint8Array() }),
    fileState: () => null,
  });
  const caller = {
    callId: "a:1",
    conversationId: null,
    signal: new AbortController().signal,
    composed: false,
    hosts: null,
    choices: null,
    scrub: async (text: string) => text,
  };
  await expect(port.open(caller, { url: "https://example.com/" })).rejects.toThrow(/BROWSER binding/);
  await expect(port.read(caller, {})).rejects.toThrow(/No page is open/);
});
