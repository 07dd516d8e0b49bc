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

/** A time of the day and nothing else. */
const CLOCK = /^(?:at\s+)?(?:\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|h|o['’]clock)?|noon|midnight)$/iu;

/** The schedules that come with Margay: switched on they are schedules like any other. */
export class BuiltInSchedules {
  constructor(private readonly deps: { schedules: Schedules; store: ScheduleStore }) {}

  list(): BuiltInState[] {
    return BUILT_IN.map((one) => this.#state(one));
  }

  /** By its name or title, however it is written: `morning-briefing`, "the morning briefing". */
  find(words: string): BuiltInState {
    const plain = (text: string): string => text.toLowerCase().replaceAll(/\b(?:the|my)\b|[^a-z]/gu, "");
    const one = BUILT_IN.find(({ name, title }) => [name, title].some((known) => plain(known) === plain(words)));
    if (one === undefined)
      throw new MargayError(
        "not_found",
        `There is no built-in schedule of that name. There are: ${BUILT_IN.map(({ title }) => title).join(", ")}.`,
      );
    return this.#state(one);
  }

  /** `when` that is a time of the day alone keeps the days: "at 8" moves "every day at 7:30" to "every day at 8". */
  set(name: string, { on, when: said }: BuiltInChange, by: ScheduleBy): BuiltInState {
    const one = BUILT_IN.find((each) => each.name === name);
    if (one === undefined) throw new MargayError("not_found", "There is no built-in schedule of that name.");
    const { schedules, store } = this.deps;
    const when =
      said !== undefined && CLOCK.test(said.trim()) ? one.when.replace(/ at .*$/u, ` at ${said.trim().replace(/^at\s+/iu, "")}`) : said;
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
