import { Cron } from "croner";

/** The five fields of a cron line, as the user's own spelling means them: nicknames, long names and steps from a number written out. */
export interface CronFields {
  readonly minute: string;
  readonly hour: string;
  readonly dayOfMonth: string;
  readonly month: string;
  readonly dayOfWeek: string;
}

const NICKNAMES: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const FIELDS = ["minute", "hour", "day of the month", "month", "day of the week"] as const;
const LAST = ["59", "23", "31", "12", "6"] as const;
const LENGTH = 200;
const FIVE =
  "A cron line has five fields: minute, hour, day of the month, month and day of the week, for example “0 9 * * 1-5” for every weekday at 09:00.";

/**
 * A cron line alone: five fields, or six with a 0 for the seconds before them, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. The answer's `expression` has always
 * five fields. Where day of the month and day of the week are both given (neither is `*` or `?`), a day that matches either counts, as in classic cron; `+` before the day of the
 * week means both. Sunday is 0 and 7. Errors are a sentence. One that never comes ("0 0 31 2 *") is not an error.
 */
export function parseCron(text: string): { ok: true; expression: string } | { ok: false; message: string } {
  const line = text.trim();
  if (line.length > LENGTH) return { ok: false, message: "That cron line is too long." };
  if (line.startsWith("@")) {
    const expression = NICKNAMES[line.toLowerCase()];
    if (expression) return { ok: true, expression };
    return { ok: false, message: `There is no “${line}”. I know @hourly, @daily, @weekly, @monthly and @yearly.` };
  }
  let fields = line.split(/\s+/);
  if (fields.length === 6) {
    if (!/^0+$/.test(fields[0] ?? ""))
      return { ok: false, message: "Seconds are not possible in a schedule: the shortest is once a minute." };
    fields = fields.slice(1);
  }
  if (fields.length !== 5) return { ok: false, message: FIVE };
  fields = fields.map((field, index) => plain(field, index));
  const wrong = fields.findIndex((_field, index) => !fits(fields, index));
  if (wrong >= 0) return { ok: false, message: problemOf(fields[wrong] ?? "", wrong) };
  const expression = fields.join(" ");
  return make(expression) ? { ok: true, expression } : { ok: false, message: FIVE };
}

/** "5/15" is "5-59/15"; days and months may be written out. The library takes "SUN-SUN" for the whole week; it is one day. */
function plain(field: string, index: number): string {
  let text = field;
  if (index >= 3)
    text = text.replace(/[a-z]{4,}/gi, (name) => ((index === 3 ? MONTH_NAME : DAY_NAME).test(name) ? name.slice(0, 3) : name));
  if (index === 4) text = text.replace(/(^|,)(?:sun|0|7)-sun(?=$|[,#])/gi, (_all, before: string) => `${before}0`);
  return text.replace(
    /(^|,)(\d+)\/(\d+)/g,
    (_all, before: string, from: string, step: string) => `${before}${from}-${LAST[index]}/${step}`,
  );
}
const MONTH_NAME = /^(?:january|february|march|april|june|july|august|sept(?:ember)?|october|november|december)$/i;
const DAY_NAME = /^(?:sunday|monday|tues(?:day)?|wednesday|thur?s?(?:day)?|friday|saturday)$/i;

/** Whether this field alone is understood, so that the sentence can name the one that is not. */
const fits = (fields: readonly string[], index: number): boolean =>
  make(fields.map((field, at) => (at === index ? field : "*")).join(" ")) !== null;

function problemOf(field: string, index: number): string {
  const range = /^(\d+)-(\d+)$/.exec(field);
  const hint =
    range && Number(range[1]) > Number(range[2]) && Number(range[1]) <= Number(LAST[index])
      ? ` A range goes upwards: write “${range[1]}-${LAST[index]},${index === 2 || index === 3 ? 1 : 0}-${range[2]}”.`
      : "";
  return `“${field}” is not understood as the ${FIELDS[index]} of a cron line.${hint}`;
}

/** One expression, ready to be asked for the next reading of a clock that it names. */
export interface CronClock {
  readonly fields: CronFields;
  /**
   * Whether minute and hour are given, so that it is due at certain times of the day; false (a `*` in one of them): it is due all the time that passes, every so often.
   * Clock changes treat the two differently, see `next.ts`. The rule is Vixie cron's.
   */
  readonly fixed: boolean;
  /** The first reading of a wall clock after `wall` that it names. Both are numbers as `wallClock()` makes them. Null: there is none within 400 years. */
  after(wall: number): number | null;
}

const clocks = new Map<string, CronClock>();

/** Reads an expression that {@link parseCron} takes. Throws for another: it should never have been stored. */
export function cronClock(expression: string): CronClock {
  const known = clocks.get(expression);
  if (known) return known;
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new RangeError(parsed.message);
  const cron = make(parsed.expression);
  if (!cron) throw new RangeError(FIVE);
  const [minute = "*", hour = "*", dayOfMonth = "*", month = "*", dayOfWeek = "*"] = parsed.expression.split(" ");
  /** From here on nothing comes. Searching 400 years costs tens of milliseconds, which is once enough. */
  let barren = Infinity;
  const clock: CronClock = {
    fields: { minute, hour, dayOfMonth, month, dayOfWeek },
    fixed: !/[*?]/.test(minute + hour),
    after(wall) {
      if (wall >= barren || Math.abs(wall) > 8.64e15) return null;
      const next = cron.nextRun(new Date(wall))?.getTime() ?? null;
      if (next === null) barren = wall;
      return next;
    },
  };
  if (clocks.size >= 500) clocks.clear();
  clocks.set(expression, clock);
  return clock;
}

/** The library sees a clock that never changes: zones and clock changes are ours, in `next.ts`. Null: it does not understand the expression. */
function make(expression: string): Cron | null {
  try {
    return new Cron(expression, { mode: "5-part", utcOffset: 0, paused: true });
  } catch {
    return null;
  }
}
