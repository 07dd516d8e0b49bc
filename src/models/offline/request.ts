import type { TaskLine } from "../../tools/todos/read-task.ts";

/** Which to-dos are meant. `position` counts as shown, from 1; -1 is the last. `it`: the one spoken of last. */
export type Reference = { by: "words"; words: string } | { by: "position"; positions: number[] } | { by: "it" } | { by: "all" };

export interface Changes {
  title?: string;
  due?: string;
  priority?: "p1" | "p2" | "p3" | "p4";
  notes?: string;
}

/** One thing the user asks for. */
export type Request =
  | { kind: "add"; tasks: TaskLine[]; reminder: boolean }
  | { kind: "list"; filter: ListFilter }
  | { kind: "complete"; which: Reference; done: boolean }
  | { kind: "delete"; which: Reference }
  | { kind: "update"; which: Reference; changes: Changes }
  | { kind: "schedule"; when: string }
  | { kind: "schedules" }
  | { kind: "changeSchedule"; name: string; change: { do?: "pause" | "resume" | "run" | "delete" | undefined; when?: string } }
  | { kind: "remember"; text: string }
  | { kind: "forget"; what: string }
  | { kind: "recall"; query: string; from?: "memory" | "documents" | "conversation" }
  | { kind: "undo" }
  | { kind: "delegate"; task: string }
  | { kind: "activity"; what: "sent" | "asked" | "done"; days: number }
  | { kind: "say"; topic: "help" | "who" | "hello" | "thanks" | "bye" | "time" | "until" }
  | { kind: "unknown" };

export interface ListFilter {
  status?: "open" | "done" | "all";
  when?: "overdue" | "today" | "tomorrow" | "week";
  search?: string;
}
