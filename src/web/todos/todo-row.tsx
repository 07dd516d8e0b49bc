import { ActionIcon, Checkbox, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { TodoChange, TodoView } from "../api/todos.ts";
import { clock } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";
import { PriorityMark } from "./priority-mark.tsx";
import { TodoForm } from "./todo-form.tsx";
import { dueInstant, dueText } from "./todo-groups.ts";
import { useNow } from "../lib/use-now.ts";

interface Props {
  todo: TodoView;
  onChange: (todo: TodoView, change: TodoChange) => Promise<void>;
  onDelete: (todo: TodoView) => void;
}

/** One to-do: check it off, open it to change it, delete it. */
export function TodoRow({ todo, onChange, onDelete }: Props) {
  const [editing, setEditing] = useState(false);
  const now = useNow();
  const due = dueText(now, todo, clock);
  const instant = dueInstant(todo);
  const done = todo.status === "done";
  if (editing) {
    return (
      <li className="todo">
        <TodoForm todo={todo} onSave={(change) => onChange(todo, change)} onClose={() => setEditing(false)} />
      </li>
    );
  }
  return (
    <li className="todo" data-done={done || undefined}>
      <Checkbox
        aria-label={done ? `Open again: ${todo.title}` : `Done: ${todo.title}`}
        checked={done}
        radius="xl"
        size="md"
        onChange={() => void onChange(todo, { status: done ? "open" : "done" })}
      />
      <button type="button" className="todo-body" onClick={() => setEditing(true)}>
        {/* Before what the button shows, not instead of it: priority and date are read out too. */}
        <VisuallyHidden component="span">{"Change: "}</VisuallyHidden>
        <span className="todo-title">{todo.title}</span>
        {(due !== null || todo.notes !== "" || todo.priority !== "p4") && (
          <span className="todo-facts">
            {todo.priority !== "p4" && <PriorityMark priority={todo.priority} />}
            {due !== null && (
              <span className="due" data-late={(!done && instant !== null && instant < now) || undefined}>
                <Icon name="calendar" size={15} /> {due}
              </span>
            )}
            {todo.notes !== "" && <span className="todo-notes">{todo.notes}</span>}
          </span>
        )}
      </button>
      <ActionIcon variant="subtle" color="gray" size={40} aria-label={`Delete: ${todo.title}`} onClick={() => onDelete(todo)}>
        <Icon name="trash" size={18} />
      </ActionIcon>
    </li>
  );
}
