import { Loader } from "@mantine/core";
import type { TaskView } from "../api/tasks.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { STATES, type Tone } from "./task-words.ts";

const MARKS: Readonly<Record<Exclude<Tone, "busy">, IconName>> = { good: "check", bad: "warn", ask: "shield", quiet: "stop" };

/** How a task stands: a mark and a word. */
export function TaskState({ status }: { status: TaskView["status"] }) {
  const { name, tone } = STATES[status];
  return (
    <span className="task-state" data-tone={tone}>
      {tone === "busy" ? <Loader size={13} aria-hidden="true" /> : <Icon name={MARKS[tone]} size={15} />}
      {name}
    </span>
  );
}
