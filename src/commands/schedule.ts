import { BUILT_IN } from "../schedule/built-in.ts";
import { MAX_SCHEDULE_TEXT } from "../schedule/shapes.ts";
import type { Command, CommandContext } from "./command.ts";
import { addSchedule, changeSchedule, listBuiltIn, listSchedules } from "./schedule-call.ts";

const USAGE = [
  "/schedule",
  "/schedule every weekday at 8: sum up my to-dos",
  "/schedule 0 9 * * 1-5 sum up my to-dos",
  "/schedule pause 3",
  "/schedule resume 3",
  "/schedule run 3",
  "/schedule move 3 friday at 10",
  "/schedule missed 3 skip",
  "/schedule delete 3",
  "/schedule built-in",
  "/schedule on morning-briefing at 7:30",
  "/schedule off morning-briefing",
].join("\n");

const EMPTY =
  "Nothing is scheduled. `/remind call mum tomorrow at 17:00` makes a reminder, `/schedule every weekday at 8: sum up my to-dos` has me do something.";

const VERBS: Readonly<Record<string, string>> = {
  pause: "pause",
  resume: "resume",
  run: "run",
  delete: "delete",
  remove: "delete",
  cancel: "delete",
};

/** "On friday" is a time: only what comes with Margay is switched on. */
const ON = new RegExp(
  `^on\\s+(?:the\\s+|my\\s+)?(${BUILT_IN.map(({ name }) => name.replace("_", "[-_ ]")).join("|")})\\b([\\s\\S]*)$`,
  "iu",
);

export const schedule: Command = {
  name: "schedule",
  description: "What I do by itself, and reminders: list, add, pause, delete",
  usage: USAGE,
  also: ["schedules"],
  async run(args, context) {
    if (args === "" || /^(?:list|ls|show)$/iu.test(args)) return listSchedules(EMPTY, context);
    if (/^built[- ]?ins?$/iu.test(args)) return listBuiltIn(context);
    const [, off = ""] = /^off\b\s*([\s\S]*)$/iu.exec(args) ?? [];
    if (off !== "") return changeSchedule({ schedule: off, do: "off" }, context);
    const [, on = "", when = ""] = ON.exec(args) ?? [];
    if (on !== "") return changeSchedule({ schedule: on, do: "on", ...(when.trim() === "" ? {} : { when: when.trim() }) }, context);
    const [, verb = "", which = "", rest = ""] =
      /^(pause|resume|run|delete|remove|cancel|missed|move|change)\b\s*(#?\d{1,9}(?!\S))?\s*([\s\S]*)$/iu.exec(args) ?? [];
    if (verb !== "") return change(verb.toLowerCase(), which, rest.trim(), context);
    if (args.length > MAX_SCHEDULE_TEXT) return `That is too long: at most ${MAX_SCHEDULE_TEXT.toLocaleString("en-US")} characters.`;
    return addSchedule({ when: args, kind: "prompt" }, context);
  },
};

function change(verb: string, which: string, rest: string, context: CommandContext): Promise<string> | string {
  if (which === "") return `Which one? Say its number, for example \`/schedule ${verb} 3\`. /schedule shows them.`;
  if (verb === "missed") {
    const missed = rest.toLowerCase();
    if (missed !== "once" && missed !== "skip")
      return `What shall happen with times that were missed? \`/schedule missed ${which} once\`: one run, late. \`/schedule missed ${which} skip\`: wait for the next.`;
    return changeSchedule({ schedule: which, missed }, context);
  }
  if (verb === "move" || verb === "change") {
    if (rest === "") return `To when? For example \`/schedule move ${which} friday at 10\`.`;
    return changeSchedule({ schedule: which, when: rest.replace(/^to\s+/iu, "") }, context);
  }
  return changeSchedule({ schedule: which, do: VERBS[verb] }, context);
}
