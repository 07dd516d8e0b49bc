import type { z } from "zod";
import { MargayError } from "../errors.ts";
import { ScheduleChange, ScheduleList, scheduleChangeText, scheduleListText } from "../tools/schedule/listed.ts";
import type { CommandContext } from "./command.ts";

/** A schedule tool for a command, through the same gate as the model's calls. A refusal, such as the question that asks back, is the answer. */
async function call<Schema extends z.ZodType>(
  name: string,
  input: Record<string, unknown>,
  schema: Schema,
  context: CommandContext,
): Promise<z.output<Schema>> {
  const { output, summary, status } = await context.ports.callTool(name, input);
  if (status !== "done") throw new MargayError(status === "denied" ? "forbidden" : "invalid_request", summary);
  return schema.parse(output);
}

export interface ToSchedule {
  /** With or without what it is to do. */
  when: string;
  what?: string;
  kind: "text" | "prompt";
}

/** Makes one and says how its time was understood. */
export const addSchedule = async (wanted: ToSchedule, context: CommandContext): Promise<string> =>
  scheduleChangeText(await call("schedule", { ...wanted }, ScheduleChange, context));

export const changeSchedule = async (input: Record<string, unknown>, context: CommandContext): Promise<string> =>
  scheduleChangeText(await call("change_schedule", input, ScheduleChange, context));

export const listSchedules = async (empty: string, context: CommandContext): Promise<string> =>
  scheduleListText(await call("list_schedules", {}, ScheduleList, context), empty);
