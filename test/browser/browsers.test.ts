import { beforeEach, describe, expect, test, vi } from "vitest";
import { isAskedAbout } from "../../src/browser/asked-about.ts";
import { browserBinding } from "../../src/browser/browser-binding.ts";
import { Browsers, LIMITS } from "../../src/browser/browsers.ts";
import type { CdpSocket } from "../../src/browser/cdp.ts";
import type { BrowserRow } from "../../src/db/object/browser.ts";
import type { ModelCall } from "../../src/models/budget.ts";

/** A browser that says yes to everything, and shows the guard what it probes. */
class FakeSocket implements CdpSocket {
  #message: (text: string) => void = () => undefined;
  #close: () => void = () => undefined;
  guarded = true;
  send(text: string): void {
    const { id, method, params } = JSON.parse(text);
    if (method === "Target.createTarget")
      this.#say({
        method: "Target.attachedToTarget",
        params: { sessionId: "s", targetInfo: { targetId: "t", type: "page", url: "", browserContextId: "c" } },
      });
    if (method === "Page.navigate" && this.guarded)
      this.#say({
        method: "Fetch.requestPaused",
        params: { requestId: "r", request: { url: params.url, method: "GET" }, resourceType: "Document" },
      });
    const frameTree = { frame: { id: "t", loaderId: "l", url: "about:blank" } };
    this.#say({ id, result: { browserContextId: "c", targetId: "t", frameTree } });
  }
  #say(message: object): void {
    queueMicrotask(() => this.#message(JSON.stringify(message)));
  }
  onMessage(listener: (text: string) => void): void {
    this.#message = listener;
  }
  onClose(listener: () => void): void {
    this.#close = listener;
  }
  close(): void {
    this.#close();
  }
}

class FakeStore {
  rows: (BrowserRow & { closedAt: number | null })[] = [];
  begin(row: Omit<BrowserRow, "usedAt">): void {
    this.rows.push({ ...row, usedAt: row.openedAt, closedAt: null });
  }
  used(): void {}
  end(id: string, at: number): void {
    for (const row of this.rows) if (row.id === id) row.closedAt ??= at;
  }
  open(): BrowserRow[] {
    return this.rows.filter(({ closedAt }) => closedAt === null);
  }
  openSince(since: number, at: number): number {
    return this.rows.reduce((sum, { openedAt, closedAt }) => sum + Math.max(0, (closedAt ?? at) - Math.max(openedAt, since)), 0);
  }
}

let now: number;
let store: FakeStore;
let sockets: FakeSocket[];
let ended: string[];
let over: Set<string>;
let asked: Set<string>;
let settled: ModelCall[];
let guarded: boolean;

const MONEY = 1_000_000;
function make(money = MONEY): Browsers {
  return new Browsers({
    host: {
      async launch() {
        const socket = new FakeSocket();
        socket.guarded = guarded;
        sockets.push(socket);
        return { id: `b${sockets.length}`, socket };
      },
      end: async (id) => void ended.push(id),
    },
    store,
    budget: {
      reserve: (microUsd) =>
        microUsd > money ? { ok: false, message: "Today's budget is used up." } : { ok: true, reservation: { id: "r", microUsd } },
      settle: (call) => void settled.push(call),
    },
    over: (name) => over.has(name),
    waits: (name) => asked.has(name),
    wakeAt: () => undefined,
    resolve: async () => ({ kind: "unknown" }),
    log: () => undefined,
    now: () => now,
    newId: () => crypto.randomUUID(),
  });
}

beforeEach(() => {
  now = 1_000_000;
  store = new FakeStore();
  sockets = [];
  ended = [];
  over = new Set();
  asked = new Set();
  settled = [];
  guarded = true;
});

describe("Browsers", () => {
  test("session() is one a task, which ends with it and is paid by the minute", async () => {
    const browsers = make();
    const first = await browsers.session("task:a", true);
    expect(await browsers.session("task:a", false)).toBe(first);
    now += 4 * 60_000;
    over.add("task:a");
    await browsers.look();
    expect(first.closed).toBe(true);
    expect(ended).toEqual(["b1"]);
    expect(settled).toMatchObject([{ turnId: "a", model: "cloudflare/browser-rendering", microUsd: 6_000, durationMs: 240_000 }]);
    await expect(browsers.session("task:a", false)).rejects.toMatchObject({ code: "gone" });
  });

  test("look() closes what nobody uses, and what is open for too long", async () => {
    const browsers = make();
    await browsers.session("conversation:a", true);
    now += LIMITS.idleMs + 1;
    await browsers.look();
    expect(ended).toEqual(["b1"]);
    const busy = await browsers.session("conversation:a", true);
    for (let minute = 0; minute <= 31; minute++) {
      now += 60_000;
      if (!busy.closed) await browsers.session("conversation:a", false).catch(() => undefined);
      await browsers.look();
    }
    expect(ended).toEqual(["b1", "b2"]);
  });

  test("look() books what a session can have cost, however the clock is set meanwhile", async () => {
    for (const jump of [-3_600_000, 365 * 24 * 3_600_000]) {
      const browsers = make();
      const session = await browsers.session("task:a", true);
      now += jump;
      await session.close();
      await browsers.look();
    }
    expect(settled.map(({ durationMs }) => durationMs)).toEqual([0, LIMITS.sessionMs + 30_000]);
    expect(Math.min(...settled.map(({ chargedMicroUsd }) => chargedMicroUsd))).toBe(0);
  });

  test("look() leaves the page of a task that asked a person something open for as long as an answer is waited for", async () => {
    const browsers = make();
    const session = await browsers.session("task:a", true);
    asked.add("task:a");
    now += LIMITS.waitMs;
    await browsers.look();
    expect(await browsers.session("task:a", false)).toBe(session);
    now += LIMITS.waitMs + 1;
    await browsers.look();
    await expect(browsers.session("task:a", false)).rejects.toMatchObject({ code: "gone" });
  });

  test("isAskedAbout() is true of the session alone whose call waits for an answer", () => {
    const isTask = (id: string) => id === "t1";
    const chat = { tool: "browser_type", callId: "turn1:a", conversationId: "c1" };
    expect(isAskedAbout("conversation:c1", [chat], isTask)).toBe(true);
    expect(isAskedAbout("conversation:c2", [chat], isTask)).toBe(false);
    expect(isAskedAbout("conversation:c1", [{ ...chat, tool: "send_email" }], isTask)).toBe(false);
    expect(isAskedAbout("turn:turn1", [{ ...chat, conversationId: null }], isTask)).toBe(true);
    expect(isAskedAbout("task:t1", [{ ...chat, callId: "t1:a" }], isTask)).toBe(true);
    expect(isAskedAbout("conversation:c1", [{ ...chat, callId: "t1:a" }], isTask)).toBe(false);
    expect(isAskedAbout("conversation:c1", [], isTask)).toBe(false);
  });

  test("session() refuses more at once, more in a day and more than the budget than there may be", async () => {
    const browsers = make();
    await browsers.session("task:a", true);
    await browsers.session("task:b", true);
    await expect(browsers.session("task:c", true)).rejects.toMatchObject({ code: "rate_limited" });
    store.rows.push({ id: "x", name: "task:x", browser: "x", openedAt: now - LIMITS.dayMs, usedAt: now, closedAt: now });
    await browsers.end("task:b");
    await expect(browsers.session("task:c", true)).rejects.toMatchObject({ code: "rate_limited" });
    store.rows = [];
    await expect(make(10).session("task:d", true)).rejects.toMatchObject({ code: "budget_exceeded" });
  });

  test("a session whose connection broke is told as lost, and its browser is ended", async () => {
    const browsers = make();
    await browsers.session("task:a", true);
    sockets[0]?.close();
    await expect(browsers.session("task:a", false)).rejects.toThrow(/closed meanwhile/);
    expect(ended).toEqual(["b1"]);
    await browsers.session("task:a", true);
    expect(sockets).toHaveLength(2);
  });

  test("look() ends what a crash left open", async () => {
    store.begin({ id: "x", name: "task:a", browser: "old", openedAt: now - 1 });
    const browsers = make();
    await browsers.look();
    expect(ended).toEqual(["old"]);
    expect(store.open()).toEqual([]);
    await expect(browsers.session("task:a", false)).rejects.toThrow(/closed meanwhile/);
  });

  test("session() counts what a crash left open no longer than it can have lasted", async () => {
    store.begin({ id: "x", name: "task:a", browser: "old", openedAt: now });
    now += 10 * 3_600_000;
    await expect(make().session("task:b", true)).resolves.toBeDefined();
  });

  test("session() throws where there is no browser, and leaves no reservation", async () => {
    const browsers = new Browsers({
      host: null,
      store,
      budget: null,
      over: () => false,
      waits: () => false,
      wakeAt: () => undefined,
      resolve: async () => ({ kind: "unknown" }),
      log: () => undefined,
      now: () => now,
      newId: () => "id",
    });
    await expect(browsers.session("task:a", true)).rejects.toMatchObject({ code: "not_configured" });
  });

  test("browserBinding() waits for no browser for ever", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent = (_input: RequestInfo | URL, init?: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new DOMException("It took too long.", "TimeoutError")));
      });
    const host = browserBinding({ fetch: silent }, null);
    const launched = host.launch().catch((error: unknown) => error);
    const given = host.end("b1").catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(120_000);
    vi.useRealTimers();
    const late = Symbol("late");
    const soon = <T>(one: Promise<T>) => Promise.race([one, new Promise((resolve) => setImmediate(() => resolve(late)))]);
    expect(await soon(launched)).toMatchObject({ code: "gone" });
    expect(await soon(given)).not.toBe(late);
  });

  test("session() refuses a browser whose requests cannot be held", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    guarded = false;
    const browsers = make();
    const refused = browsers.session("task:a", true).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await refused).toMatchObject({ code: "unsupported" });
    vi.useRealTimers();
    expect(ended).toEqual(["b1"]);
    expect(settled).toHaveLength(1);
  });
});
