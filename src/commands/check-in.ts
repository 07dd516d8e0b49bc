import { CHECK_IN } from "../schedule/built-in.ts";
import type { Command } from "./command.ts";
import { addSchedule, changeSchedule } from "./schedule-call.ts";

export const checkIn: Command = {
  name: "check-in",
  description: "Have me ask how it is going, regularly",
  usage: ["/check-in every weekday at 16:00", "/check-in every sunday evening", "/check-in off"].join("\n"),
  run(args, context) {
    if (args === "")
      return "When shall I check in with you? For example `/check-in every weekday at 16:00`. I look at your to-dos and ask how it is going.";
    if (/^(?:off|stop|end|no)$/iu.test(args)) return changeSchedule({ schedule: "check in with me", do: "delete" }, context);
    return addSchedule({ when: args, what: CHECK_IN, kind: "prompt" }, context);
  },
};
