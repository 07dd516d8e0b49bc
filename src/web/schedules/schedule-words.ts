import type { NewSchedule, ScheduleAction, ScheduleRun, ScheduleView } from "../api/schedules.ts";
import { sentence, uncut } from "../lib/format.ts";
import { clock, dayName, onDay } from "../lib/time.ts";

export type ActionKind = ScheduleAction["kind"];

/** Something that can be done, as a person chooses it. */
export interface ActionWords {
  kind: ActionKind;
  name: string;
  what: string;
  /** Of its words. */
  label: string;
  example: string;
}

/** What one can do that is written as a playbook. */
export const PLAYBOOK: ActionWords = {
  kind: "playbook",
  name: "Playbook",
  what: "A plan that is kept runs by itself. What has to be asked is asked all the same.",
  label: "Playbook",
  example: "",
};

/** What a schedule can do. */
export const ACTIONS: readonly ActionWords[] = [
  {
    kind: "text",
    name: "Remind me",
    what: "Margay says these words, as they are. No model is asked.",
    label: "What it says",
    example: "Take the bread out of the oven",
  },
  {
    kind: "prompt",
    name: "Ask Margay",
    what: "Margay answers this as if you had asked it then.",
    label: "What you ask",
    example: "Which of my to-dos are overdue, and what should I do first?",
  },
  {
    kind: "profile",
    name: "Task",
    what: "A profile works on it in the background, within its limits.",
    label: "What it is to do",
    example: "Look for new cycling routes around Oslo and sum up the best three",
  },
  PLAYBOOK,
];

/** What a schedule of a kind does, in a word or two. */
export const actionName = (kind: ActionKind): string => ACTIONS.find((item) => item.kind === kind)?.name ?? kind;

/** The words of an action, whatever its kind. */
export function wordsOf(action: ScheduleAction): string {
  switch (action.kind) {
    case "text":
      return action.text;
    case "prompt":
      return action.prompt;
    case "profile":
      return action.input;
    case "playbook":
      return action.playbook;
  }
}

/** What it does, in front of its words. */
export function doesWords(action: ScheduleAction): string {
  switch (action.kind) {
    case "text":
      return "Reminds you";
    case "prompt":
      return "Asks Margay";
    case "profile":
      return `Task for ${action.profile}`;
    case "playbook":
      return `Runs the playbook ${[action.playbook, ...Object.values(action.variables)].join(", ")}`;
  }
}

/** What it does, with its words where the title does not say them all. */
export function whatWords({ action, title }: Pick<ScheduleView, "action" | "title">): string {
  if (action.kind === "playbook") return title.includes(action.playbook) ? "Runs a playbook" : doesWords(action);
  const words = wordsOf(action);
  return words === title ? doesWords(action) : `${doesWords(action)}: ${words}`;
}

/** What is shown in bold. */
export const headWords = ({ action, title }: Pick<ScheduleView, "action" | "title">): string => uncut(title, wordsOf(action));

/** When, without the zone where it is the user's own. */
export const whenWords = ({ described, time_zone: zone }: Pick<ScheduleView, "described" | "time_zone">): string =>
  sentence(zone === null ? described.replace(/ \([^()]+\)$/u, "") : described);

/** `Tomorrow, 09:00`. */
export const dayAndClock = (now: number, at: number): string => `${dayName(now, at)}, ${clock(at)}`;

/** When it is due next. */
export function nextWords(now: number, { status, next_at: next }: ScheduleView): string {
  if (status === "paused") return "Paused";
  if (status === "ended" || next === null) return "Ended";
  return next <= now ? "Due now" : `Next: ${dayAndClock(now, next)}`;
}

const OUTCOMES: Readonly<Record<ScheduleRun["outcome"], string>> = {
  told: "Told",
  begun: "Asked Margay",
  started: "Begun",
  skipped: "Missed and skipped",
  failed: "Failed",
};

/** What came of the last time: `Told today at 09:00`; null: it never ran. Why it failed is told beside it. */
export function lastWords(now: number, { last_at: at, last_outcome: outcome }: ScheduleView): string | null {
  if (at === null || outcome === null) return null;
  return `${OUTCOMES[outcome]} ${onDay(now, at)} at ${clock(at)}`;
}

/** What came of one run. */
export function runWords({ outcome, late, manual, at, due_at: due }: ScheduleRun): string {
  const notes = [...(manual ? ["run by hand"] : []), ...(late ? [`late: it was due ${lateBy(at - due)} before`] : [])];
  return notes.length === 0 ? OUTCOMES[outcome] : `${OUTCOMES[outcome]} (${notes.join(", ")})`;
}

const MINUTE = 60_000;

function lateBy(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** `at` on the clock of a zone, as it can be typed: `2026-11-27 17:00`. */
export function typedInstant(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((item) => item.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}

/** When, as the form begins with it. What is due a single time was said of another day: it is written out. */
export const typedWhen = ({ spec, said }: ScheduleView, zone: string): string =>
  spec.kind === "once" ? typedInstant(spec.at, zone) : said;

/** What to send to have a deleted one again; null: its time is over. */
export function sameAgain(now: number, { spec, said, action, title, missed, time_zone }: ScheduleView): NewSchedule | null {
  if (spec.kind === "once" && spec.at <= now) return null;
  return { when: spec.kind === "once" ? new Date(spec.at).toISOString() : said, action, title, missed, time_zone };
}

/** The words about time, without those that are not: `tomorrow at 5 to call Ben` without `call Ben`. */
export function withoutRest(typed: string, rest: string): string {
  const at = typed.indexOf(rest);
  if (at === -1) return typed;
  const before = typed.slice(0, at).replace(/\b(?:to|that)\s*$/iu, "");
  return `${before} ${typed.slice(at + rest.length)}`.replaceAll(/\s+/gu, " ").trim();
}

export interface Example {
  when: string;
  kind: ActionKind;
  text: string;
}

/** What can be said, to begin with. */
export const EXAMPLES: readonly Example[] = [
  { when: "tomorrow at 17:00", kind: "text", text: "Call the dentist" },
  { when: "every weekday at 8:30", kind: "prompt", text: "What is due today, and what should I do first?" },
  { when: "every other monday at 20:00", kind: "text", text: "Put the bins out" },
  { when: "on the last friday of the month at 15:00", kind: "profile", text: "Find what is new in my field this month and sum it up" },
];

/** Times to try, where one has not typed yet. */
export const TIMES: readonly string[] = [
  "in 20 minutes",
  "tomorrow at 9",
  "every weekday at 9",
  "every first monday of the month at 10",
  "0 18 * * 5",
];
