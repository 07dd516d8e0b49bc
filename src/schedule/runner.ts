import type { NewAuditEntry } from "../db/object/audit.ts";
import type { ScheduleStore } from "../db/object/schedules.ts";
import { MargayError } from "../errors.ts";
import { type Log, whereOf } from "../log.ts";
import { carryOut, type CarryOutDeps, type Firing } from "./carry-out.ts";
import { describeInstant } from "./describe.ts";
import { type DueTimes, dueTimes, nextElsewhere } from "./due-times.ts";
import type { ScheduleOutcome, ScheduleRun } from "./shapes.ts";
import type { StoredSchedule } from "./stored-schedule.ts";
import { shortened } from "./understand-when.ts";

/** Failures in a row after which it is paused. */
export const MAX_FAILURES = 5;
/** While the next wake cannot be found out. */
const UNPLANNED_AGAIN_MS = 600_000;

export interface RunnerDeps extends CarryOutDeps {
  store: ScheduleStore;
  transaction<T>(work: () => T): T;
  audit(entry: NewAuditEntry): void;
  /** Starts what was begun and delivers what was told. */
  go(): Promise<void>;
  /** The user may not use their agent now. */
  suspended(): boolean;
  /** Plans the one wake of all schedules, durably. */
  wakeAt(time: number): Promise<void>;
  /** The user's IANA zone. */
  timeZone(): string;
  log: Log;
  /** UTC milliseconds. */
  now(): number;
}

/**
 * Carries out schedules when they are due. What it does, the advance to the next time and the row that says it ran are one transaction: however often it is woken, and wherever the
 * object ends, each time is carried out once. Everything is planned from the table, so no lost alarm loses any.
 */
export class ScheduleRunner {
  /** How often in a row something went wrong that could not even be written down. */
  #faults = 0;

  constructor(private readonly deps: RunnerDeps) {}

  /** Carries out what is due and plans the next wake. Never throws. */
  async run(): Promise<void> {
    const { deps } = this;
    if (deps.suspended()) return;
    let fired = false;
    let fault = false;
    this.zoneChanged();
    try {
      for (const id of deps.store.due(deps.now())) {
        try {
          this.#fire(id);
          fired = true;
        } catch (error) {
          fault = true;
          this.#failed(error, id);
        }
      }
      if (fired) await deps.go();
    } catch (error) {
      fault = true;
      this.#failed(error, null);
    }
    this.#faults = fault ? this.#faults + 1 : 0;
    await this.plan();
  }

  /** Plans the next wake. Never throws. */
  async plan(): Promise<void> {
    const { deps } = this;
    if (deps.suspended()) return;
    try {
      const now = deps.now();
      const next = deps.store.nextDue(now);
      // What is due and could not be done is tried again, later each time, and holds up nothing else.
      const again = deps.store.due(now).length === 0 ? null : now + Math.min(60, 2 ** this.#faults - 1) * 60_000;
      const time = next === null ? again : again === null ? next : Math.min(next, again);
      if (time !== null) await deps.wakeAt(time);
    } catch (error) {
      this.#failed(error, null);
      // Whatever it was, what is planned must not sleep for ever.
      await deps.wakeAt(deps.now() + UNPLANNED_AGAIN_MS).catch((again: unknown) => this.#failed(again, null));
    }
  }

  /** Counts anew what was counted in another zone than the user is in now. */
  replan(): void {
    const { deps } = this;
    const zone = deps.timeZone();
    for (const id of deps.store.plannedElsewhere(zone)) {
      try {
        this.#replan(id, zone);
      } catch (error) {
        // One that cannot be read holds up no other.
        this.#failed(error, id);
      }
    }
  }

  #replan(id: string, zone: string): void {
    const { store, now } = this.deps;
    const schedule = store.get(id);
    // What is due already stays so.
    if (schedule?.next_at == null || schedule.next_at <= now()) return;
    const lastAt = store.lastDue(id);
    const last = lastAt === null ? null : { at: lastAt, timeZone: schedule.planned_zone };
    const timeZone = schedule.time_zone ?? zone;
    const next = nextElsewhere(schedule.spec, last, now(), timeZone);
    store.write({ ...schedule, next_at: next, planned_zone: timeZone, status: next === null ? "ended" : schedule.status });
  }

  /** The user is in another zone. Never throws: whatever told it goes on, and the next run looks again. */
  zoneChanged(): void {
    try {
      this.replan();
    } catch (error) {
      this.#failed(error, null);
    }
  }

  /** Now, because somebody wants it; with a key once for that key. What cannot be is in the run, and told by the caller. */
  runNow(schedule: StoredSchedule, key?: string): ScheduleRun {
    const { store, now, timeZone } = this.deps;
    const at = now();
    let due = at;
    while (store.hasRun(schedule.id, due)) due++;
    const firing: Firing = {
      key: `${schedule.id}:${key ?? due}`,
      due,
      late: false,
      earlier: 0,
      now: at,
      timeZone: schedule.time_zone ?? timeZone(),
    };
    const run = (outcome: ScheduleOutcome, error: string | null): ScheduleRun => ({
      due_at: due,
      at,
      outcome,
      late: false,
      manual: true,
      error,
    });
    return this.#attempt(
      () => {
        const { outcome, known } = carryOut(schedule, firing, this.deps);
        const done = run(outcome, null);
        if (!known) this.#settle(schedule, done, {});
        return done;
      },
      (why) => {
        const failed = run("failed", why);
        this.#settle(schedule, failed, {});
        return failed;
      },
    );
  }

  #fire(id: string): void {
    const { deps } = this;
    const schedule = deps.store.get(id);
    const now = deps.now();
    if (schedule?.next_at == null || schedule.next_at > now) return;
    const timeZone = schedule.time_zone ?? deps.timeZone();
    const times = dueTimes(schedule.spec, schedule.next_at, now, timeZone);
    const planned = { next_at: times.next, planned_zone: timeZone, ...(times.next === null ? { status: "ended" as const } : {}) };
    // Somebody ran it by hand in this very moment.
    if (deps.store.hasRun(id, times.due)) return deps.store.write({ ...schedule, ...planned });
    const run = (outcome: ScheduleOutcome, error: string | null = null): ScheduleRun => ({
      due_at: times.due,
      at: now,
      outcome,
      late: times.late,
      manual: false,
      error,
    });
    if (times.late && schedule.missed === "skip" && schedule.spec.kind !== "once")
      return deps.transaction(() => this.#settle(schedule, run("skipped"), planned));
    const firing: Firing = { ...times, key: `${id}:${times.due}`, now, timeZone };
    this.#attempt(
      () => this.#settle(schedule, run(carryOut(schedule, firing, deps).outcome), { ...planned, failures: 0 }),
      (why, counts) => this.#fail(schedule, run("failed", why), planned, firing, { ...times, counts }),
    );
  }

  /** It could not be: the user is told why and what comes next, and where it goes on like that it is paused. */
  #fail(
    schedule: StoredSchedule,
    run: ScheduleRun,
    planned: Partial<StoredSchedule>,
    firing: Firing,
    { next, counts }: DueTimes & { counts: boolean },
  ): void {
    const { deps } = this;
    const { number, title } = schedule;
    const failures = schedule.failures + Number(counts);
    const paused = counts && failures >= MAX_FAILURES && next !== null;
    const then = paused
      ? `It failed ${failures} times in a row, so it is paused. \`/schedule resume ${number}\` starts it again.`
      : next === null
        ? `\`/schedule run ${number}\` tries it again.`
        : `I try again at ${describeInstant(next, firing.timeZone)}.`;
    // That there is no room still is told once, however often it is tried.
    const known = !counts && next !== null && schedule.last_outcome === "failed" && schedule.last_error === run.error;
    if (!known)
      deps.tell({
        route: "schedule",
        key: firing.key,
        text: `I could not run “${shortened(title)}” (schedule ${number}), due at ${describeInstant(run.due_at, firing.timeZone)}: ${run.error ?? ""} ${then}`,
        tainted: schedule.tainted,
        replyTo: schedule.reply_to ?? deps.home(),
      });
    this.#settle(schedule, run, { ...planned, failures, ...(paused ? { status: "paused", next_at: null } : {}) });
    if (paused) this.#audit(schedule, "paused", `Schedule ${number} is paused after ${failures} failures`);
  }

  #settle(schedule: StoredSchedule, run: ScheduleRun, change: Partial<StoredSchedule>): void {
    const { store } = this.deps;
    store.addRun(schedule.id, run);
    store.write({
      ...schedule,
      ...change,
      last_at: run.at,
      last_outcome: run.outcome,
      last_error: run.error,
      runs: schedule.runs + (run.outcome === "skipped" ? 0 : 1),
    });
    const event = run.outcome === "failed" || run.outcome === "skipped" ? run.outcome : "fired";
    this.#audit(schedule, event, `Schedule ${schedule.number} ${SAID[run.outcome]}${run.late ? ", late" : ""}`);
  }

  #audit(schedule: StoredSchedule, event: string, summary: string): void {
    this.deps.audit({
      kind: "schedule",
      event,
      actor: "system",
      channel: "agent",
      subject: schedule.id,
      tainted: schedule.tainted,
      summary,
    });
  }

  /** In one transaction; what cannot be is undone as a whole and settled in another. */
  #attempt<T>(work: () => T, refused: (why: string, counts: boolean) => T): T {
    const { deps } = this;
    try {
      return deps.transaction(work);
    } catch (error) {
      if (!(error instanceof MargayError)) this.#failed(error, null);
      const why = error instanceof MargayError ? error.message : "something went wrong in me";
      // That so much waits already is no fault of the schedule's.
      const counts = !(error instanceof MargayError && error.code === "rate_limited");
      return deps.transaction(() => refused(sentence(why), counts));
    }
  }

  #failed(error: unknown, id: string | null): void {
    this.deps.log("schedule_failed", { id, where: whereOf(error) }, "error");
  }
}

const SAID: Record<ScheduleOutcome, string> = {
  told: "was due and told",
  begun: "was due and the agent was asked",
  started: "was due and a task was started",
  skipped: "was missed and skipped",
  failed: "was due and could not run",
};

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);
