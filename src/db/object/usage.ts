import type { Stats, StatsRow } from "../../agent/shapes.ts";
import type { Usage } from "../../channels/events.ts";
import { budgetSentence } from "../../models/budget-sentence.ts";
import type { Budget, ModelCall, Reservation } from "../../models/budget.ts";
import { daysBefore, localDay } from "../../models/local-day.ts";
import type { z } from "zod";

/** Tables of the user's object for money and metering. Amounts are millionths of a US dollar, instants UTC milliseconds, days the user's own. */
export const usageSchema: readonly string[] = [
  // One row a model call; deleted after a while by forgetCallsBefore(). The sums below stay.
  `CREATE TABLE model_call (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    turn_id TEXT NOT NULL,
    agent TEXT NOT NULL,
    tier TEXT NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    micro_usd INTEGER,
    charged_micro_usd INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    duration_ms INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX model_call_at ON model_call (at)`,
  `CREATE INDEX model_call_turn ON model_call (turn_id)`,
  // Money promised to calls under way. A row that is there at start was left by a crash. It counts in the UTC day and month of `at`, also when it is settled later.
  `CREATE TABLE reservation (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    micro_usd INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  // Running sums; revision grows with every change, rolled_up is the revision that D1 has.
  `CREATE TABLE usage_day (
    day TEXT NOT NULL,
    model TEXT NOT NULL,
    tier TEXT NOT NULL,
    agent TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    micro_usd INTEGER NOT NULL,
    priced_calls INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    rolled_up INTEGER NOT NULL,
    PRIMARY KEY (day, model, tier, agent)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX usage_day_changed ON usage_day (day) WHERE revision > rolled_up`,
  // What counts against the caps, by UTC day (YYYY-MM-DD) and UTC month (YYYY-MM): two rows answer whether a call fits. Not by the user's own day, which they
  // can move by moving their time zone.
  `CREATE TABLE usage_total (
    period TEXT PRIMARY KEY,
    charged_micro_usd INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/** Hard caps; null: none. */
export interface Caps {
  dayMicroUsd: number | null;
  monthMicroUsd: number | null;
}

export interface UsageDeps {
  storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  caps(): Caps;
  /** The user's IANA zone. */
  timeZone(): string;
  /** UTC milliseconds. */
  now(): number;
  newId(): string;
}

/** Caps renew by its days, whatever the user's zone. */
const CAP_ZONE = "UTC";

/** Absolute totals of one (day, model, tier, agent), to be written over what the roll-up has. */
export type DirtyDay = z.infer<typeof StatsRow> & { revision: number };

/** What a reservation left by a crash is booked under: nothing else is known about its call. */
const INTERRUPTED = { turnId: "", agent: "unknown", tier: "unknown", model: "interrupted" } as const;

interface Sums extends Record<string, SqlStorageValue> {
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens: number;
  micro_usd: number;
  priced_calls: number;
  calls: number;
}
interface CallRow extends Record<string, SqlStorageValue> {
  at: number;
  turn_id: string;
  agent: string;
  tier: string;
  model: string;
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens: number;
  micro_usd: number | null;
  charged_micro_usd: number;
  outcome: ModelCall["outcome"];
  duration_ms: number;
}
const SUMS = ["input_tokens", "output_tokens", "cached_input_tokens", "micro_usd", "priced_calls", "calls"]
  .map((name) => `coalesce(sum(${name}), 0) AS ${name}`)
  .join(", ");

/** The user's money and metering in their object's SQLite. Every change is one transaction. */
export class UsageStore implements Budget {
  readonly #deps: UsageDeps;

  constructor(deps: UsageDeps) {
    this.#deps = deps;
  }

  reserve(microUsd: number): { ok: true; reservation: Reservation } | { ok: false; message: string } {
    if (!Number.isFinite(microUsd) || microUsd < 0) throw new RangeError("reserve() needs an amount of zero or more");
    const wanted = Math.ceil(microUsd);
    const deps = this.#deps;
    return deps.storage.transactionSync(() => {
      const refused = this.refusal(wanted);
      if (refused !== null) return { ok: false, message: refused };
      const id = deps.newId();
      deps.storage.sql.exec("INSERT INTO reservation (id, at, micro_usd) VALUES (?, ?, ?)", id, deps.now(), wanted);
      return { ok: true, reservation: { id, microUsd: wanted } };
    });
  }

  /** Why so much may not be spent now, as a sentence; null: it may. */
  refusal(wanted: number): string | null {
    const deps = this.#deps;
    const at = deps.now();
    const { day, month } = localDay(at, CAP_ZONE);
    const { dayMicroUsd, monthMicroUsd } = deps.caps();
    const reserved = deps.storage.sql.exec<{ total: number }>("SELECT coalesce(sum(micro_usd), 0) AS total FROM reservation").one().total;
    for (const [period, cap] of [
      ["day", dayMicroUsd],
      ["month", monthMicroUsd],
    ] as const) {
      if (cap === null) continue;
      const spent = this.#charged(period === "day" ? day : month);
      if (spent + reserved + wanted > cap)
        return budgetSentence({ period, cap, spent, reserved, wanted, timeZone: deps.timeZone(), now: at });
    }
    return null;
  }

  settle(call: ModelCall): void {
    const { storage } = this.#deps;
    storage.transactionSync(() => {
      const [reserved] = storage.sql
        .exec<{ at: number }>("DELETE FROM reservation WHERE id = ? RETURNING at", call.reservationId)
        .toArray();
      this.#record(call, reserved?.at ?? call.at);
    });
  }

  /** Books what a crash left reserved, at its full amount. Call once at start, before any turn goes on. Says how many there were. */
  recover(): number {
    const { storage } = this.#deps;
    return storage.transactionSync(() => {
      const left = storage.sql.exec<{ id: string; at: number; micro_usd: number }>("SELECT id, at, micro_usd FROM reservation").toArray();
      for (const { id, at, micro_usd } of left) {
        const amount = { microUsd: micro_usd, chargedMicroUsd: micro_usd };
        this.#record(
          {
            ...INTERRUPTED,
            ...amount,
            reservationId: id,
            at,
            inputTokens: 0,
            outputTokens: 0,
            cachedInputTokens: 0,
            outcome: "failed",
            durationMs: 0,
          },
          at,
        );
      }
      if (left.length > 0) storage.sql.exec("DELETE FROM reservation");
      return left.length;
    });
  }

  /** What counted against the caps so far in this UTC day and month. */
  spent(): { dayMicroUsd: number; monthMicroUsd: number } {
    const { day, month } = localDay(this.#deps.now(), CAP_ZONE);
    return { dayMicroUsd: this.#charged(day), monthMicroUsd: this.#charged(month) };
  }

  /** Totals of the last `days` days (1 to 366), today included. Days without a call are left out. */
  stats(days: number): Stats {
    const count = Math.min(Math.max(Math.trunc(days), 1), 366);
    const { day } = localDay(this.#deps.now(), this.#deps.timeZone());
    const from = daysBefore(day, count - 1);
    const where = "FROM usage_day WHERE day BETWEEN ? AND ?";
    const by = (key: "model" | "agent" | "day", order: string): (Usage & { key: string })[] =>
      this.#deps.storage.sql
        .exec<Sums & { key: string }>(`SELECT ${key} AS key, ${SUMS} ${where} GROUP BY ${key} ORDER BY ${order}`, from, day)
        .toArray()
        .map((row) => ({ ...toUsage(row), key: row.key }));
    const caps = this.#deps.caps();
    const spent = this.spent();
    return {
      days: count,
      total: toUsage(this.#deps.storage.sql.exec<Sums>(`SELECT ${SUMS} ${where}`, from, day).one()),
      by_model: by("model", "sum(micro_usd) DESC, model").map(({ key, ...usage }) => ({ ...usage, model: key })),
      by_agent: by("agent", "sum(micro_usd) DESC, agent").map(({ key, ...usage }) => ({ ...usage, agent: key })),
      by_day: by("day", "day").map(({ key, ...usage }) => ({ ...usage, day: key })),
      budget: {
        day_cap_usd: toUsd(caps.dayMicroUsd),
        month_cap_usd: toUsd(caps.monthMicroUsd),
        day_spent_usd: spent.dayMicroUsd / 1e6,
        month_spent_usd: spent.monthMicroUsd / 1e6,
      },
    };
  }

  /** Sums that changed since they were rolled up, oldest day first. Writing them over the roll-up any number of times comes to the same. */
  dirtyDays(limit = 100): DirtyDay[] {
    return this.#deps.storage.sql
      .exec<Sums & { day: string; model: string; tier: string; agent: string; revision: number }>(
        "SELECT * FROM usage_day WHERE revision > rolled_up ORDER BY day LIMIT ?",
        limit,
      )
      .toArray()
      .map((row) => ({ ...toUsage(row), day: row.day, model: row.model, tier: row.tier, agent: row.agent, revision: row.revision }));
  }

  /** The roll-up has these. A sum that changed meanwhile stays dirty. */
  markRolledUp(rows: readonly Pick<DirtyDay, "day" | "model" | "tier" | "agent" | "revision">[]): void {
    this.#deps.storage.transactionSync(() => {
      for (const { day, model, tier, agent, revision } of rows) {
        this.#deps.storage.sql.exec(
          "UPDATE usage_day SET rolled_up = max(rolled_up, ?) WHERE day = ? AND model = ? AND tier = ? AND agent = ?",
          revision,
          day,
          model,
          tier,
          agent,
        );
      }
    });
  }

  /** The calls of a turn, oldest first. */
  callsOf(turnId: string): ModelCall[] {
    return this.#deps.storage.sql
      .exec<CallRow>("SELECT * FROM model_call WHERE turn_id = ? ORDER BY id", turnId)
      .toArray()
      .map((row) => ({
        reservationId: null,
        at: row.at,
        turnId: row.turn_id,
        agent: row.agent,
        tier: row.tier,
        model: row.model,
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        cachedInputTokens: row.cached_input_tokens,
        microUsd: row.micro_usd,
        chargedMicroUsd: row.charged_micro_usd,
        outcome: row.outcome,
        durationMs: row.duration_ms,
      }));
  }

  /** Drops single calls older than `at` (UTC ms); the sums stay. Says how many there were. */
  forgetCallsBefore(at: number): number {
    return this.#deps.storage.sql.exec("DELETE FROM model_call WHERE at < ?", at).rowsWritten;
  }

  /** `countedAt`: the instant whose UTC day and month it counts in. The statistics are by the user's own days. */
  #record(call: ModelCall, countedAt: number): void {
    const { sql } = this.#deps.storage;
    const { day } = localDay(call.at, this.#deps.timeZone());
    const microUsd = call.microUsd === null ? null : Math.ceil(call.microUsd);
    const charged = Math.ceil(call.chargedMicroUsd);
    sql.exec(
      `INSERT INTO model_call (at, turn_id, agent, tier, model, input_tokens, output_tokens, cached_input_tokens, micro_usd, charged_micro_usd, outcome, duration_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      call.at,
      call.turnId,
      call.agent,
      call.tier,
      call.model,
      call.inputTokens,
      call.outputTokens,
      call.cachedInputTokens,
      microUsd,
      charged,
      call.outcome,
      Math.round(call.durationMs),
    );
    sql.exec(
      `INSERT INTO usage_day (day, model, tier, agent, input_tokens, output_tokens, cached_input_tokens, micro_usd, priced_calls, calls, revision, rolled_up)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 0)
       ON CONFLICT (day, model, tier, agent) DO UPDATE SET
         input_tokens = input_tokens + excluded.input_tokens,
         output_tokens = output_tokens + excluded.output_tokens,
         cached_input_tokens = cached_input_tokens + excluded.cached_input_tokens,
         micro_usd = micro_usd + excluded.micro_usd,
         priced_calls = priced_calls + excluded.priced_calls,
         calls = calls + 1,
         revision = revision + 1`,
      day,
      call.model,
      call.tier,
      call.agent,
      call.inputTokens,
      call.outputTokens,
      call.cachedInputTokens,
      microUsd ?? 0,
      microUsd === null ? 0 : 1,
    );
    if (charged === 0) return;
    const counted = localDay(countedAt, CAP_ZONE);
    sql.exec(
      `INSERT INTO usage_total (period, charged_micro_usd) VALUES (?1, ?3), (?2, ?3)
       ON CONFLICT (period) DO UPDATE SET charged_micro_usd = charged_micro_usd + excluded.charged_micro_usd`,
      counted.day,
      counted.month,
      charged,
    );
  }

  #charged(period: string): number {
    const rows = this.#deps.storage.sql
      .exec<{ charged: number }>("SELECT charged_micro_usd AS charged FROM usage_total WHERE period = ?", period)
      .toArray();
    return rows[0]?.charged ?? 0;
  }
}

function toUsage(row: Sums): Usage {
  return {
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    cached_input_tokens: row.cached_input_tokens,
    cost_micro_usd: row.priced_calls === 0 && row.calls > 0 ? null : row.micro_usd,
    model_calls: row.calls,
  };
}

const toUsd = (microUsd: number | null): number | null => (microUsd === null ? null : microUsd / 1e6);
