import type { Priority } from "../api/todos.ts";

const NAMES: Record<Priority, string> = { p1: "most urgent", p2: "urgent", p3: "soon", p4: "normal" };

/** A priority, in letters and colour. */
export function PriorityMark({ priority }: { priority: Priority }) {
  return (
    <span className="priority" data-priority={priority} title={NAMES[priority]}>
      {priority}
    </span>
  );
}
