import type { ScheduleStore } from "../db/object/schedules.ts";
import { MargayError } from "../errors.ts";
import { BUILT_IN, type BuiltIn } from "./built-in.ts";
import type { ScheduleBy, Schedules } from "./schedules.ts";
import type { BuiltInChange } from "./shapes.ts";
import type { StoredSchedule } from "./stored-schedule.ts";

export interface BuiltInState {
  name: string;
  title: string;
  prompt: string;
  default_when: string;
  on: boolean;
  /** Its schedule while it is on. */
  schedule: StoredSchedule | null;
}

/** The schedules that come with Margay: switched on they are schedules like any other. */
export class BuiltInSchedules {
  constructor(private readonly deps: { schedules: Schedules; store: ScheduleStore }) {}

  list(): BuiltInState[] {
    return BUILT_IN.map((one) => this.#state(one));
  }

  set(name: string, { on, when }: BuiltInChange, by: ScheduleBy): BuiltInState {
    const one = BUILT_IN.find((each) => each.name === name);
    if (one === undefined) throw new MargayError("not_found", "There is no built-in schedule of that name.");
    const { schedules, store } = this.deps;
    const known = store.builtIn(name);
    if (!on) {
      if (known !== null) schedules.delete(known.id, by);
    } else if (known === null) {
      schedules.add(
        {
          when: when ?? one.when,
          action: { kind: "prompt", prompt: one.prompt, tier: null },
          title: one.title,
          // A briefing of this morning is of no use in the evening.
          missed: "skip",
          time_zone: null,
          built_in: name,
          reply_to: null,
        },
        by,
      );
    } else if (when !== undefined || known.status === "paused")
      schedules.update(known.id, { ...(when === undefined ? {} : { when }), status: "active" }, by);
    return this.#state(one);
  }

  #state({ name, title, prompt, when }: BuiltIn): BuiltInState {
    const schedule = this.deps.store.builtIn(name);
    return { name, title, prompt, default_when: when, on: schedule?.status === "active", schedule };
  }
}
