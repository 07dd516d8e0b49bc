import type { BuiltInState } from "../../schedule/built-in-schedules.ts";
import type { BuiltInChange, SchedulePatch, ScheduleRun } from "../../schedule/shapes.ts";
import type { StoredSchedule } from "../../schedule/stored-schedule.ts";

export const SCHEDULE_READ = "schedule.read";
export const SCHEDULE_WRITE = "schedule.write";

/** What is to be scheduled, as a tool is told it. */
export interface Wanted {
  /** Words or cron; without `what` the words that are not about time say what. */
  when: string;
  what: string | null;
  kind: "text" | "prompt" | "playbook";
}

/** The call that makes or changes one. */
export interface Said {
  /** Stable for this call, across retries: a second call with the same key gives the first one's schedule. */
  key: string;
  /** UTC milliseconds. */
  saidAt: number;
  /** The call was written in a context with content from outside. */
  tainted: boolean;
}

/** The user's schedules as tools see them. Refusals are thrown as `MargayError` with a sentence that asks back or says what would help. */
export interface SchedulePort {
  /** Those that have not ended, the next first. */
  current(): StoredSchedule[];
  /** The one meant by its number, an id or its beginning, or words of its title. */
  find(reference: string): StoredSchedule;
  add(wanted: Wanted, said: Said): StoredSchedule;
  change(id: string, patch: SchedulePatch, said: Said): StoredSchedule;
  delete(id: string, said: Said): StoredSchedule;
  /** Now, beside its times. */
  run(id: string, said: Said): ScheduleRun;
  /** Those that come with Margay, whether on or off. */
  builtIns(): BuiltInState[];
  /** The one of that name or title; throws `not_found`. */
  builtIn(words: string): BuiltInState;
  /** Switches one on, at other times where `when` says so, or off. */
  setBuiltIn(name: string, change: BuiltInChange, said: Said): BuiltInState;
  /** As it is now; null: there is none, or it is deleted. */
  live(id: string): StoredSchedule | null;
  /** Puts one back as it was, also a deleted one. */
  restore(before: StoredSchedule, said: Said): StoredSchedule;
}

/** What schedule tools get as stores. */
export interface ScheduleStores {
  schedules: SchedulePort;
}
