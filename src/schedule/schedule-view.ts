import { describeSpec } from "./describe.ts";
import type { ScheduleView } from "./shapes.ts";
import type { StoredSchedule } from "./stored-schedule.ts";

/** As the API shows it. `home` is the channel where the user reads what nobody asked for. */
export function viewOf(schedule: StoredSchedule, { timeZone, home }: { timeZone: string; home: string }): ScheduleView {
  const { planned_zone: _, reply_to, ...shown } = schedule;
  return {
    ...shown,
    described: describeSpec(schedule.spec, schedule.time_zone ?? timeZone),
    channel: reply_to?.channel ?? home,
  };
}
