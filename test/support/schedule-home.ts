import { type Occasion, Occasions } from "../../src/agent/occasions.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { ScheduleStore } from "../../src/db/object/schedules.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { BuiltInSchedules } from "../../src/schedule/built-in-schedules.ts";
import { MargayError } from "../../src/errors.ts";
import type { PlaybookStart } from "../../src/plans/playbooks.ts";
import { ScheduleRunner } from "../../src/schedule/runner.ts";
import { type NewSchedule, Schedules } from "../../src/schedule/schedules.ts";
import type { StoredSchedule } from "../../src/schedule/stored-schedule.ts";
import { scheduled } from "../../src/tools/schedule/scheduled.ts";
import type { NewTask } from "../../src/tasks/task-starter.ts";

/** Thursday 26 November 2026, 09:00 in Oslo. */
export const THURSDAY = Date.parse("2026-11-26T09:00:00+01:00");
export const at = (text: string): number => Date.parse(`${text}+01:00`);

/** Schedules on a user's tables, with a clock that stands still, and what came of it written down. */
export function scheduleHomeOn(storage: DurableObjectStorage) {
  const { sql } = storage;
  const clock = { now: THURSDAY };
  const state = {
    zone: "Europe/Oslo",
    suspended: false,
    model: true,
    /** Thrown by whatever is begun or told. */
    fault: null as Error | null,
    /** Thrown when anything is told. */
    mute: null as Error | null,
    /** Thrown where a task is started. */
    noTask: null as Error | null,
  };
  const trail: NewAuditEntry[] = [];
  const logged: string[] = [];
  const wakes: number[] = [];
  const tasks: NewTask[] = [];
  const plans: PlaybookStart[] = [];
  let ids = 0;
  const newId = (): string => `id${String(ids++).padStart(6, "0")}`;
  const now = () => clock.now;
  const transaction = <T>(work: () => T): T => storage.transactionSync(work);
  const inbox = new InboxStore(sql);
  const messages = new MessageStore(sql);
  const settings = new SettingStore(sql);
  const occasions = new Occasions({
    inbox,
    messages,
    outbox: new OutboxStore(sql),
    settings,
    transaction,
    audit: () => undefined,
    broadcast: () => undefined,
    deliver: () => undefined,
    drain: async () => undefined,
    conversationId: () => "main",
    now,
    newId,
  });
  const store = new ScheduleStore(sql);
  const runner = new ScheduleRunner({
    store,
    transaction,
    audit: (entry) => void trail.push(entry),
    begin(occasion: Occasion) {
      if (state.fault) throw state.fault;
      return occasions.begin(occasion);
    },
    tell(telling) {
      if (state.mute) throw state.mute;
      return occasions.tell(telling);
    },
    go: async () => undefined,
    home: () => ({ channel: "web" }),
    tasks: {
      start(task) {
        if (state.noTask) throw state.noTask;
        tasks.push(task);
        return { id: `task${tasks.length}`, number: tasks.length };
      },
    },
    playbooks: { run: (start) => plans.push(start) },
    canAnswer: () => state.model,
    suspended: () => state.suspended,
    wakeAt: async (time) => void wakes.push(time),
    timeZone: () => state.zone,
    log: (event) => void logged.push(event),
    now,
  });
  const schedules = new Schedules({
    store,
    runner,
    hasProfile: (name) => name === "research",
    playbooks: {
      check(name) {
        if (name !== "weekly-review") throw new MargayError("not_found", `There is no playbook called ${name}.`);
      },
    },
    transaction,
    audit: (entry) => void trail.push(entry),
    planned: () => void runner.plan(),
    ran: () => undefined,
    occasions: () => occasions,
    timeZone: () => state.zone,
    now,
    newId,
  });
  return {
    storage,
    sql,
    clock,
    state,
    trail,
    logged,
    wakes,
    tasks,
    plans,
    inbox,
    messages,
    store,
    runner,
    schedules,
    /** What tools work on. */
    port: scheduled({ schedules, store, builtIn: new BuiltInSchedules({ schedules, store }), inbox, messages, timeZone: () => state.zone }),
    /** Makes one that the user wants. */
    add: (when: string, change: Partial<NewSchedule> & { tainted?: boolean; author?: "user" | "agent" } = {}): StoredSchedule => {
      const { tainted = false, author = "user", ...fields } = change;
      return schedules.add(
        { when, action: { kind: "text", text: "Call mum" }, missed: "once", time_zone: null, reply_to: null, ...fields },
        { author, channel: "web", tainted },
      );
    },
    /** The clock shows it, and the object is woken. */
    async wake(time: number | string): Promise<void> {
      clock.now = typeof time === "string" ? at(time) : time;
      await runner.run();
    },
    /** What the conversation holds now, oldest first. */
    said: (): { role: string; text: string; tainted: boolean }[] =>
      sql
        .exec("SELECT role, text, tainted FROM message ORDER BY rowid")
        .toArray()
        .map((row) => ({ role: String(row["role"]), text: String(row["text"]), tainted: row["tainted"] === 1 })),
  };
}
