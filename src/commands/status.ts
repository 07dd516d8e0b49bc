import { dollars } from "../dollars.ts";
import { toolTitle } from "../permission/tool-title.ts";
import { plain } from "../plain.ts";
import { planLine } from "../plans/plan-text.ts";
import type { TaskView } from "../tasks/shapes.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  description: "What is running, what waits, what it cost",
  usage: "/status",
  run(_, { ports, now, timeZone }) {
    const { running, queued, spentTodayMicroUsd, spentMonthMicroUsd } = ports.status();
    const lines: string[] = [];
    if (running) {
      const text = plain(running.text.slice(-120)).trim();
      const { tool = "", printed = "" } = running.doing ?? {};
      const doing = tool === "" ? "" : `, with “${plain(toolTitle(tool))}” now${printed.trim() === "" ? "" : `: ${plain(printed)}`}`;
      lines.push(
        `Answering for ${duration(now() - running.startedAt)}${doing}${text === "" ? "." : `: “${running.text.length > 120 ? "…" : ""}${text}”`}`,
      );
    }
    if (queued > 0) lines.push(queued === 1 ? "1 message waits." : `${queued} messages wait.`);
    lines.push(...taskLines(ports.tasks.open(), now()), ...ports.plans.open().map(planLine));
    if (lines.length === 0) lines.push("Nothing is running.");
    const models = ports.model();
    lines.push(
      models.every(({ offline }) => offline)
        ? "Model: offline (none is connected)."
        : `Models: ${models.map(({ tier, chain }) => `${tier} ${chain[0] ?? "none"}`).join(", ")}.`,
    );
    lines.push(`Spent: ${dollars(spentTodayMicroUsd)} today, ${dollars(spentMonthMicroUsd)} this month. Time zone: ${timeZone}.`);
    return lines.join("\n\n");
  },
};

/** What works in the background. */
function taskLines(open: readonly TaskView[], now: number): string[] {
  const of = (wanted: TaskView["status"]): TaskView[] => open.filter((task) => task.status === wanted);
  const queued = of("queued").length;
  return [
    ...[...of("running"), ...of("waiting_approval")].map((task) => taskLine(task, now)),
    ...(queued === 0 ? [] : [queued === 1 ? "1 task waits for its turn." : `${queued} tasks wait for their turn.`]),
  ];
}

/** How a task is called in a line. */
export const taskName = ({ number, profile, title }: Pick<TaskView, "number" | "profile" | "title">): string =>
  `Task ${number} (${profile}), “${plain(title)}”`;

/** One that works, or waits for a person: what it does, since when, and what it cost until now. */
export function taskLine(task: TaskView, now: number): string {
  const progress = plain(task.progress).trim();
  const doing =
    task.status === "waiting_approval"
      ? "waits for your yes or no, see /approvals"
      : `${progress === "" ? "begun" : progress}; for ${duration(now - (task.started_at ?? now))}`;
  const cost = task.counts.cost_micro_usd;
  return `${taskName(task)}: ${doing}${cost === null ? "" : `, ${dollars(cost)}`}.`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
