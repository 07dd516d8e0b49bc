import {
  BuiltInList,
  builtInListText,
  ScheduleChange,
  ScheduleList,
  scheduleChangeText,
  scheduleListText,
} from "../tools/schedule/listed.ts";
import type { CommandContext } from "./command.ts";
import { toolAnswer } from "./tool-answer.ts";

export interface ToSchedule {
  /** With or without what it is to do. */
  when: string;
  what?: string;
  kind: "text" | "prompt";
}

/** Makes one and says how its time was understood. */
export const addSchedule = async (wanted: ToSchedule, context: CommandContext): Promise<string> =>
  scheduleChangeText(await toolAnswer("schedule", { ...wanted }, ScheduleChange, context));

export const changeSchedule = async (input: Record<string, unknown>, context: CommandContext): Promise<string> =>
  scheduleChangeText(await toolAnswer("change_schedule", input, ScheduleChange, context));

export const listBuiltIn = async (context: CommandContext): Promise<string> =>
  builtInListText(await toolAnswer("list_schedules", { built_in: true }, BuiltInList, context));

export const listSchedules = async (empty: string, context: CommandContext): Promise<string> =>
  scheduleListText(await toolAnswer("list_schedules", {}, ScheduleList, context), empty);
