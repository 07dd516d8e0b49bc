import { MAX_SCHEDULE_TEXT } from "../schedule/shapes.ts";
import type { Command } from "./command.ts";
import { addSchedule, listSchedules } from "./schedule-call.ts";

const EXAMPLE = "For example `/remind call mum tomorrow at 17:00` or `/remind stretch every weekday at 9`.";

export const remind: Command = {
  name: "remind",
  also: ["reminder", "reminders"],
  description: "A reminder: what, and when",
  usage: [
    "/remind call mum tomorrow at 17:00",
    "/remind in 20 minutes: the oven",
    "/remind stretch every weekday at 9",
    "/remind list",
  ].join("\n"),
  async run(args, context) {
    if (args === "") return `Of what, and when? ${EXAMPLE}`;
    if (/^(?:list|ls|show)$/iu.test(args)) return listSchedules(`There are no reminders. ${EXAMPLE}`, context);
    if (args.length > MAX_SCHEDULE_TEXT)
      return `That is too long: at most ${MAX_SCHEDULE_TEXT.toLocaleString("en-US")} characters. Put the rest in a note.`;
    return addSchedule({ when: args.replace(/^me\s+(?=\S)/iu, ""), kind: "text" }, context);
  },
};
