import type { DateContext } from "../../dates/understand-date.ts";
import { parseWhen } from "../../schedule/parse.ts";
import type { Request } from "./request.ts";

const LIST = [
  "(?:what|which)(?:'s| is| are)? (?:all )?(?:of )?(?:my|the) (?:next |upcoming |open |current )?(?:reminders?|schedules?)",
  "(?:show|list|tell|give|see|read)(?: me)?(?: all)?(?: of)?(?: my| the)?(?: next| upcoming)? (?:reminders|schedules?)",
  "(?:my |all my )?(?:reminders|schedules)",
  "(?:what|which) (?:reminders|schedules) (?:do i have|are there|have i set|are set)",
  "(?:do i have|are there)(?: any)? (?:reminders|schedules)(?: set)?",
  "what(?:'s| is| have you) scheduled",
].join("|");
const LISTED = new RegExp(`^(?:${LIST})(?: (?:for )?(?:today|tomorrow|this week|now))?$`, "iu");

const VERBS: Readonly<Record<string, "pause" | "resume" | "run" | "delete">> = {
  pause: "pause",
  resume: "resume",
  restart: "resume",
  run: "run",
  delete: "delete",
  remove: "delete",
  cancel: "delete",
  clear: "delete",
  drop: "delete",
  stop: "delete",
};
const VERB = `(${Object.keys(VERBS).join("|")})`;
const NUMBERED = new RegExp(
  `^${VERB}(?: the| my)? (?:reminder|schedule)s?(?: (?:number|no\\.?|to|about|for|called|named))* #?["“]?(.+?)["”]?$`,
  "iu",
);
const TITLED = new RegExp(`^${VERB}(?: the| my)? ["“]?(.+?)["”]? (?:reminder|schedule)$`, "iu");
const ALL = new RegExp(`^${VERB} (?:all|every|everything)(?: of)?(?: my| the)? (?:reminders?|schedules?)$`, "iu");
const MOVED =
  /^(?:move|reschedule|postpone|push|shift|change|snooze|set)(?: the| my)? (?:reminder|schedule)(?: (?:number|no\.?))? #?(\S+) (?:back |forward )?(?:to|until|till|for|on) (.+)$/iu;
const WANTED =
  /^(?:remind me|(?:set|add|create|make)(?: me)?(?: up)? (?:an? |another )?(?:new |daily |weekly |monthly )?reminder|don'?t let me forget|help me remember)\b|^\S.*?\bremind me\b/iu;

/** What is asked about reminders; null: it is about something else, or a reminder without a time, which is a to-do. */
export function readReminder(text: string, { now, timeZone }: DateContext): Request | null {
  if (LISTED.test(text)) return { kind: "schedules" };
  const all = ALL.exec(text);
  if (all) return { kind: "changeSchedule", name: "all", change: { do: VERBS[(all[1] ?? "").toLowerCase()] } };
  const moved = MOVED.exec(text);
  if (moved?.[1] !== undefined && moved[2] !== undefined) return { kind: "changeSchedule", name: moved[1], change: { when: moved[2] } };
  const changed = NUMBERED.exec(text) ?? TITLED.exec(text);
  if (changed?.[2] !== undefined)
    return { kind: "changeSchedule", name: changed[2], change: { do: VERBS[(changed[1] ?? "").toLowerCase()] } };
  if (!WANTED.test(text) || parseWhen(text, { saidAt: now, timeZone }).kind === "none") return null;
  return { kind: "schedule", when: text };
}
