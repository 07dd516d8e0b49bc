import { Loader } from "@mantine/core";
import { Icon, type IconName } from "../ui/icons.tsx";
import type { State } from "./plan-words.ts";

const MARKS: Readonly<Record<Exclude<State["tone"], "busy">, IconName>> = { good: "check", bad: "warn", ask: "shield", quiet: "stop" };

/** How a plan or a step stands: a mark and a word. */
export function StateMark({ state: { name, tone } }: { state: State }) {
  return (
    <span className="task-state" data-tone={tone}>
      {tone === "busy" ? <Loader size={13} aria-hidden="true" /> : <Icon name={MARKS[tone]} size={15} />}
      {name}
    </span>
  );
}
