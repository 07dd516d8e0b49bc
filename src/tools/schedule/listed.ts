import { plain } from "../../plain.ts";
import { z } from "zod";

/** A schedule as the tools answer it (see `view` in `schedule-tool.ts`), read back by commands and the offline model. */
export const ListedSchedule = z.object({
  n: z.number(),
  title: z.string(),
  kind: z.enum(["text", "prompt", "profile", "playbook"]),
  what: z.string().optional(),
  when: z.string(),
  next: z.string().optional(),
  status: z.enum(["paused", "ended"]).optional(),
  missed: z.string().optional(),
  failed: z.string().optional(),
});
export type ListedSchedule = z.infer<typeof ListedSchedule>;

export const ScheduleList = z.object({ schedules: z.array(ListedSchedule), not_shown: z.number().optional() });
export type ScheduleList = z.infer<typeof ScheduleList>;

export const BuiltInList = z.object({ built_in: z.array(z.object({ title: z.string(), on: z.boolean(), when: z.string() })) });

/** What a write answers: one key that says what was done, with the schedule as it is (or was) under it. */
export const ScheduleChange = z.union([
  z.object({ scheduled: ListedSchedule }),
  z.object({ changed: ListedSchedule }),
  z.object({ paused: ListedSchedule }),
  z.object({ resumed: ListedSchedule }),
  z.object({ ran: ListedSchedule }),
  z.object({ deleted: ListedSchedule }),
]);
export type ScheduleChange = z.infer<typeof ScheduleChange>;

const NOTES = { text: "", prompt: "I do it", profile: "a task", playbook: "a playbook" };

/** One line of Markdown: `**3** Call mum · once, Friday 27 November 2026, 17:00 (Europe/Oslo)`. */
function line({ n, title, kind, when, next, status, missed, failed }: ListedSchedule): string {
  const once = when.startsWith("once");
  return [
    `**${n}** ${plain(title)}`,
    plain(when),
    // What happens once says its time already.
    next === undefined || once ? "" : `next ${next}`,
    NOTES[kind],
    status ?? "",
    missed === "skip" && !once ? "skips what it missed" : "",
    failed === undefined ? "" : `failed last time: ${plain(failed)}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The list in Markdown, each with the number it can be called by. */
export function scheduleListText({ schedules, not_shown }: ScheduleList, empty: string): string {
  if (schedules.length === 0) return empty;
  const lines = schedules.map((one) => `- ${line(one)}`);
  if (not_shown !== undefined) lines.push("", `… and ${not_shown} more.`);
  return lines.join("\n");
}

/** The built-in ones in Markdown, with how each is switched. */
export const builtInListText = ({ built_in }: z.output<typeof BuiltInList>): string =>
  built_in
    .map(({ title, on, when }) => {
      const name = title.toLowerCase().replaceAll(" ", "-");
      return `- **${title}** · ${on ? "on" : "off"} · ${plain(when)} · \`/schedule ${on ? "off" : "on"} ${name}\``;
    })
    .join("\n");

/** A sentence about a change. */
export function scheduleChangeText(change: ScheduleChange): string {
  if ("scheduled" in change) {
    const { n, title, kind, when, next, status } = change.scheduled;
    if (status === "paused")
      return `**${plain(title)}**, ${plain(when)}, is number ${n}. It does nothing until you switch it on: \`/schedule resume ${n}\`.`;
    const what = kind === "text" ? "I will remind you" : kind === "prompt" ? "I will do it" : "A task will do it";
    const soon = next === undefined || when.startsWith("once") ? "" : ` Next: ${next}.`;
    return `${what} ${plain(when)}: **${plain(title)}**.${soon} It is number ${n}.`;
  }
  if ("changed" in change) return `Changed: ${line(change.changed)}.`;
  if ("paused" in change)
    return `Paused: ${line({ ...change.paused, status: undefined })}. \`/schedule resume ${change.paused.n}\` starts it again.`;
  if ("resumed" in change) return `Runs again: ${line(change.resumed)}.`;
  if ("ran" in change) return `Ran now: **${plain(change.ran.title)}**.`;
  return `Deleted: ${line({ ...change.deleted, next: undefined })}.`;
}
