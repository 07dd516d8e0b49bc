import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Stats } from "../../src/agent/shapes.ts";
import { UsageStore, type Caps, type UsageDeps } from "../../src/db/object/usage.ts";
import type { ModelCall } from "../../src/models/budget.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;

interface Bench {
  store: UsageStore;
  sql: SqlStorage;
  caps: Caps;
  at: { now: number; zone: string };
  reopen(): UsageStore;
  /** What the database did for `work`. */
  counted(work: (store: UsageStore) => unknown): { rowsRead: number; rowsWritten: number };
}

let objects = 0;

/** Runs `work` on a store over the SQLite of a real object of its own. */
async function withStore(work: (bench: Bench) => void): Promise<void> {
  const stub = env.USER_AGENT.getByName(`usage-${++objects}`);
  await runInDurableObject(stub, (_, state) => {
    const caps: Caps = { dayMicroUsd: null, monthMicroUsd: null };
    const at = { now: NOON, zone: "UTC" };
    let ids = 0;
    const over = (storage: UsageDeps["storage"]): UsageStore =>
      new UsageStore({ storage, caps: () => caps, timeZone: () => at.zone, now: () => at.now, newId: () => `id-${++ids}` });
    const reopen = (): UsageStore => over(state.storage);
    const counted: Bench["counted"] = (run) => {
      const cursors: { rowsRead: number; rowsWritten: number }[] = [];
      const { sql } = state.storage;
      const watched = new Proxy(sql, {
        get: (target, name) =>
          name === "exec"
            ? (query: string, ...bindings: unknown[]) => {
                const cursor = target.exec(query, ...bindings);
                cursors.push(cursor);
                return cursor;
              }
            : Reflect.get(target, name),
      });
      run(over({ sql: watched, transactionSync: (closure) => state.storage.transactionSync(closure) }));
      const sum = (key: "rowsRead" | "rowsWritten"): number => cursors.reduce((total, cursor) => total + cursor[key], 0);
      return { rowsRead: sum("rowsRead"), rowsWritten: sum("rowsWritten") };
    };
    work({ store: reopen(), sql: state.storage.sql, caps, at, reopen, counted });
  });
}

const call = (part: Partial<ModelCall> = {}): ModelCall => ({
  reservationId: null,
  at: NOON,
  turnId: "turn-1",
  agent: "coordinator",
  tier: "smart",
  model: "anthropic/x",
  inputTokens: 100,
  outputTokens: 10,
  cachedInputTokens: 50,
  microUsd: 500,
  chargedMicroUsd: part.microUsd ?? 500,
  outcome: "done",
  durationMs: 12,
  ...part,
});

/** Reserves and returns the id; the test fails where it is refused. */
function reserve(store: UsageStore, microUsd: number): string {
  const reserved = store.reserve(microUsd);
  if (!reserved.ok) throw new Error(reserved.message);
  return reserved.reservation.id;
}

const rows = (sql: SqlStorage, table: "reservation" | "model_call" | "usage_day"): number =>
  sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;

describe("UsageStore.reserve()", () => {
  it("allows everything without caps", () =>
    withStore(({ store }) => {
      expect(store.reserve(1e12).ok).toBe(true);
    }));

  it("counts what is reserved and what is spent against the day's cap, to the last millionth", () =>
    withStore(({ store, caps }) => {
      caps.dayMicroUsd = 1000;
      const first = reserve(store, 400);
      reserve(store, 400);
      expect(store.reserve(201)).toMatchObject({ ok: false });
      store.settle(call({ reservationId: first, microUsd: 100 }));
      expect(store.spent()).toEqual({ dayMicroUsd: 100, monthMicroUsd: 100 });
      expect(store.reserve(501).ok).toBe(false);
      expect(store.reserve(500).ok).toBe(true);
    }));

  it("names the cap that refuses and when it renews", () =>
    withStore(({ store, caps, at }) => {
      at.zone = "Europe/Berlin";
      caps.monthMicroUsd = 1000;
      store.settle(call({ microUsd: 1000 }));
      const refused = store.reserve(1);
      expect(refused).toMatchObject({ ok: false, message: expect.stringContaining("December 1 at 01:00 (Europe/Berlin)") });
    }));

  it("renews the day and the month at UTC midnight, whatever the user's zone", () =>
    withStore(({ store, caps, at }) => {
      at.zone = "America/New_York";
      caps.dayMicroUsd = 1000;
      caps.monthMicroUsd = 1500;
      at.now = Date.UTC(2026, 10, 29, 15);
      store.settle(call({ at: at.now, microUsd: 1000 }));
      at.now = Date.UTC(2026, 10, 29, 23, 59);
      expect(store.reserve(1).ok).toBe(false);
      at.now = Date.UTC(2026, 10, 30);
      expect(store.reserve(501).ok).toBe(false);
      expect(store.reserve(500).ok).toBe(true);
      at.now = Date.UTC(2026, 11, 1);
      expect(store.spent()).toEqual({ dayMicroUsd: 0, monthMicroUsd: 0 });
    }));

  it("cannot be passed by moving the time zone, also in the middle of a call", () =>
    withStore(({ store, caps, at }) => {
      caps.dayMicroUsd = 1000;
      let calls = 0;
      for (; calls < 50; calls++) {
        at.zone = "Pacific/Kiritimati";
        const reserved = store.reserve(900);
        if (!reserved.ok) break;
        at.zone = "Etc/GMT+12";
        store.settle(call({ reservationId: reserved.reservation.id, at: at.now, microUsd: 900 }));
      }
      expect(calls).toBe(1);
    }));

  it("counts a call in the day that admitted it, when it ends in the next", () =>
    withStore(({ store, caps, at }) => {
      caps.dayMicroUsd = 1000;
      at.now = Date.UTC(2026, 10, 21, 23, 59);
      const id = reserve(store, 900);
      at.now = Date.UTC(2026, 10, 22, 0, 1);
      store.settle(call({ reservationId: id, at: at.now, microUsd: 900 }));
      expect(store.spent().dayMicroUsd).toBe(0);
      expect(store.spent().monthMicroUsd).toBe(900);
    }));

  it("lets a free call pass a cap of zero and refuses amounts that are none", () =>
    withStore(({ store, caps }) => {
      caps.dayMicroUsd = 0;
      expect(store.reserve(0).ok).toBe(true);
      expect(store.reserve(1).ok).toBe(false);
      expect(() => store.reserve(Number.NaN)).toThrow(RangeError);
      expect(() => store.reserve(-1)).toThrow(RangeError);
    }));

  it("reads few rows however much was spent before", () =>
    withStore(({ store, counted, caps }) => {
      caps.dayMicroUsd = 1e12;
      caps.monthMicroUsd = 1e12;
      for (let index = 0; index < 300; index++)
        store.settle(call({ at: NOON - (index % 30) * DAY, model: `m${index % 7}`, turnId: `t${index}` }));
      expect(store.spent().monthMicroUsd).toBe(21 * 10 * 500);
      const { rowsRead } = counted((one) => one.reserve(1));
      expect(rowsRead).toBeLessThan(10);
      const settling = counted((one) => one.settle(call({ turnId: "t-last" })));
      expect(settling.rowsRead).toBeLessThan(10);
      expect(settling.rowsWritten).toBeLessThan(12);
    }));
});

describe("UsageStore.settle()", () => {
  it("records the call, frees its reservation and adds to the sums, all or nothing", () =>
    withStore(({ store, sql }) => {
      const id = reserve(store, 1000);
      store.settle(call({ reservationId: id }));
      expect([rows(sql, "reservation"), rows(sql, "model_call"), rows(sql, "usage_day")]).toEqual([0, 1, 1]);
      const again = reserve(store, 1000);
      expect(() => store.settle(call({ reservationId: again, inputTokens: Number.NaN }))).toThrow(/NOT NULL/);
      expect([rows(sql, "reservation"), rows(sql, "model_call")]).toEqual([1, 1]);
    }));

  it("charges what an unknown price was estimated at, and shows no cost for it", () =>
    withStore(({ store }) => {
      store.settle(call({ microUsd: null, chargedMicroUsd: 9000 }));
      expect(store.spent().dayMicroUsd).toBe(9000);
      expect(store.stats(1).total.cost_micro_usd).toBeNull();
    }));

  it("gives the calls of a turn back as they were, in order", () =>
    withStore(({ store }) => {
      const first = call({ model: "a", outcome: "failed", microUsd: null, chargedMicroUsd: 7 });
      const second = call({ model: "b" });
      store.settle(first);
      store.settle(call({ turnId: "another" }));
      store.settle(second);
      expect(store.callsOf("turn-1")).toEqual([first, second]);
    }));
});

describe("UsageStore.recover()", () => {
  it("books what a crash left reserved at its full amount, on the day it was reserved, once", () =>
    withStore(({ store, sql, at, reopen }) => {
      reserve(store, 700);
      at.now = NOON + DAY;
      reserve(store, 50);
      const restarted = reopen();
      expect(restarted.recover()).toBe(2);
      expect(restarted.recover()).toBe(0);
      expect(rows(sql, "reservation")).toBe(0);
      expect(restarted.spent()).toEqual({ dayMicroUsd: 50, monthMicroUsd: 750 });
      expect(restarted.stats(7).by_day.map((row) => [row.day, row.cost_micro_usd])).toEqual([
        ["2026-11-21", 700],
        ["2026-11-22", 50],
      ]);
    }));
});

describe("UsageStore.stats()", () => {
  it("adds up by model, agent and day within the asked days, in the documented shape", () =>
    withStore(({ store, caps }) => {
      caps.dayMicroUsd = 2_000_000;
      store.settle(call({ model: "a", agent: "coordinator", microUsd: 100 }));
      store.settle(call({ model: "a", agent: "research", microUsd: 200, tier: "fast" }));
      store.settle(call({ model: "b", agent: "coordinator", microUsd: 1000, at: NOON - 6 * DAY }));
      store.settle(call({ model: "b", agent: "coordinator", microUsd: 5000, at: NOON - 7 * DAY }));
      const stats = Stats.parse(store.stats(7));
      expect(stats.total).toEqual({ input_tokens: 300, output_tokens: 30, cached_input_tokens: 150, cost_micro_usd: 1300, model_calls: 3 });
      expect(stats.by_model.map((row) => [row.model, row.cost_micro_usd])).toEqual([
        ["b", 1000],
        ["a", 300],
      ]);
      expect(stats.by_agent.map((row) => [row.agent, row.model_calls])).toEqual([
        ["coordinator", 2],
        ["research", 1],
      ]);
      expect(stats.by_day.map(({ day }) => day)).toEqual(["2026-11-15", "2026-11-21"]);
      expect(stats.budget).toEqual({ day_cap_usd: 2, month_cap_usd: null, day_spent_usd: 0.0003, month_spent_usd: 0.0063 });
      expect(Stats.parse(store.stats(8)).total.cost_micro_usd).toBe(6300);
    }));

  it("is all zeros for a user who never called a model", () =>
    withStore(({ store }) => {
      expect(Stats.parse(store.stats(0))).toMatchObject({
        days: 1,
        total: { cost_micro_usd: 0, model_calls: 0 },
        by_model: [],
        by_day: [],
      });
      expect(store.stats(10_000).days).toBe(366);
    }));
});

describe("UsageStore.dirtyDays()", () => {
  it("gives absolute totals that changed, until they are marked", () =>
    withStore(({ store }) => {
      store.settle(call({ microUsd: 100 }));
      store.settle(call({ microUsd: 100 }));
      const dirty = store.dirtyDays();
      expect(dirty).toMatchObject([
        { day: "2026-11-21", model: "anthropic/x", tier: "smart", agent: "coordinator", cost_micro_usd: 200, model_calls: 2 },
      ]);
      expect(store.dirtyDays()).toEqual(dirty);
      store.markRolledUp(dirty);
      expect(store.dirtyDays()).toEqual([]);
    }));

  it("keeps a sum dirty that changed while it was rolled up", () =>
    withStore(({ store }) => {
      store.settle(call({ microUsd: 100 }));
      const sent = store.dirtyDays();
      store.settle(call({ microUsd: 100 }));
      store.markRolledUp(sent);
      expect(store.dirtyDays()).toMatchObject([{ cost_micro_usd: 200, model_calls: 2 }]);
      store.markRolledUp(store.dirtyDays());
      store.markRolledUp(sent);
      expect(store.dirtyDays()).toEqual([]);
    }));

  it("gives the oldest days first and no more than asked", () =>
    withStore(({ store }) => {
      for (let index = 0; index < 5; index++) store.settle(call({ at: NOON - index * DAY }));
      expect(store.dirtyDays(2).map(({ day }) => day)).toEqual(["2026-11-17", "2026-11-18"]);
    }));
});

describe("UsageStore.forgetCallsBefore()", () => {
  it("drops single calls and keeps the sums", () =>
    withStore(({ store, sql }) => {
      store.settle(call({ at: NOON - 100 * DAY }));
      store.settle(call());
      store.forgetCallsBefore(NOON - 90 * DAY);
      expect(rows(sql, "model_call")).toBe(1);
      expect(rows(sql, "usage_day")).toBe(2);
    }));
});
