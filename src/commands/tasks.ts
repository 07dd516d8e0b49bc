import { fileLink, inline, moment, plain } from "./shown.ts";
import { dollars } from "../dollars.ts";
import { taskLine, taskName } from "./status.ts";
import type { Command, CommandContext } from "./command.ts";
import type { TaskView } from "../tasks/shapes.ts";

/** Ended ones that are listed. */
const ENDED = 8;
/** Characters of a result; the whole of it is on the page. */
const RESULT = 6_000;

export const tasks: Command = {
  name: "tasks",
  description: "Background tasks: how far they are, what they found and cost",
  usage: "/tasks\n/tasks 16",
  run(args, context) {
    const { ports } = context;
    const number = /^(?:show\s+|task\s+)?#?(\d{1,15})$/i.exec(args)?.[1];
    if (number !== undefined) return taskText(ports.tasks.numbered(Number(number)), context);
    const open = ports.tasks.open();
    const ended = ports.tasks.ended(ENDED);
    const first = (open[0] ?? ended[0])?.number;
    if (first === undefined) return "Nothing works in the background, and nothing has. Your to-dos are under /task.";
    return [
      ...open.map((task) => `- ${openLine(task, context.now())}`),
      ...(open.length === 0 ? ["Nothing works in the background now. The last:"] : ended.length === 0 ? [] : ["", "Before:"]),
      "",
      ...ended.map((task) => `- ${endedLine(task, context.timeZone)}`),
      "",
      `\`/tasks ${first}\` shows one${open.length === 0 ? "" : `, \`/cancel ${open[0]?.number ?? first}\` stops it`}. Your to-dos are under /task.`,
    ].join("\n");
  },
};

const openLine = (task: TaskView, now: number): string =>
  task.status === "queued" ? `${taskName(task)}: waits for its turn.` : taskLine(task, now);

const endedLine = (task: TaskView, timeZone: string): string => {
  const { status, ended_at: at, counts } = task;
  return `${taskName(task)}: ${ENDS[status]}${at === null ? "" : `, ${moment(at, timeZone)}`}${cost(counts)}.`;
};

const ENDS: Readonly<Record<TaskView["status"], string>> = {
  queued: "waits for its turn",
  running: "works",
  waiting_approval: "waits for your yes or no, see /approvals",
  done: "done",
  failed: "ended without finishing",
  cancelled: "stopped",
};

const cost = ({ cost_micro_usd: spent }: TaskView["counts"]): string => (spent === null ? "" : `, ${dollars(spent)}`);

/** Everything that somebody who has no page before them wants of one. */
export function taskText(task: TaskView, { now, timeZone, publicUrl }: Pick<CommandContext, "now" | "timeZone" | "publicUrl">): string {
  const open = task.ended_at === null;
  const head = open ? openLine(task, now()) : endedLine(task, timeZone);
  const whole = publicUrl === null ? "on its page under Tasks" : `at ${publicUrl}/tasks/${task.id}`;
  const result = task.result.trim();
  return [
    head,
    ...(task.input.trim() === task.title.trim() ? [] : [`It was to do: ${inline(task.input.slice(0, 500).toWellFormed())}`]),
    ...(task.error === null ? [] : [plain(task.error.message)]),
    ...(result === "" ? [] : result.length <= RESULT ? [result] : [`${result.slice(0, RESULT).toWellFormed()} …`, `The rest is ${whole}.`]),
    ...(task.notes ?? []).map((note) => `⚠️ ${plain(note)}`),
    ...(task.artifacts.length === 0 ? [] : [`Files: ${task.artifacts.map(fileLink).join(", ")}`]),
    ...(open ? [`\`/cancel ${task.number}\` stops it.`] : []),
  ].join("\n\n");
}
