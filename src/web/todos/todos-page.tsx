import { SegmentedControl } from "@mantine/core";
import { useRef, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type TodoChange, type TodoFilter, type TodoView, useTodoActions, useTodos } from "../api/todos.ts";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";
import { AddTodo } from "./add-todo.tsx";
import { groupTodos, sameDue } from "./todo-groups.ts";
import { TodoRow } from "./todo-row.tsx";
import { useNow } from "../lib/use-now.ts";

/** The list of things to do. The agent works on the same list. */
export default function TodosPage() {
  const [filter, setFilter] = useState<TodoFilter>("open");
  const todos = useTodos(filter);
  const { add, change, remove } = useTodoActions();
  const toast = useToast();
  const now = useNow();
  const field = useRef<HTMLInputElement>(null);

  const onChange = async (todo: TodoView, fields: TodoChange) => {
    const status = fields.status;
    if (status === undefined) {
      await change.mutateAsync({ id: todo.id, change: fields });
      return;
    }
    try {
      await change.mutateAsync({ id: todo.id, change: fields });
    } catch (error) {
      toast(sayError(error), { tone: "error" });
      return;
    }
    toast(status === "done" ? `Done: ${todo.title}` : `Open again: ${todo.title}`, {
      action: { label: "Undo", run: () => change.mutate({ id: todo.id, change: { status: todo.status } }) },
    });
  };

  const restore = async (todo: TodoView) => {
    const due = sameDue(todo);
    try {
      const made = await add.mutateAsync({
        title: todo.title,
        notes: todo.notes,
        priority: todo.priority,
        ...(due === null ? {} : { due }),
      });
      if (todo.status === "done") await change.mutateAsync({ id: made.id, change: { status: "done" } });
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    }
  };

  const onDelete = (todo: TodoView) => {
    // The row and its button go away: the focus gets a place that stays.
    field.current?.focus();
    remove.mutate(todo.id, {
      onSuccess: () => toast(`Deleted: ${todo.title}`, { action: { label: "Undo", run: () => void restore(todo) } }),
      onError: (error) => toast(sayError(error), { tone: "error" }),
    });
  };

  const rows = (list: TodoView[]) => (
    <ul className="todo-list">
      {list.map((todo) => (
        <TodoRow key={todo.id} todo={todo} onChange={onChange} onDelete={onDelete} />
      ))}
    </ul>
  );

  return (
    <Page title="To-dos">
      <AddTodo field={field} />
      <SegmentedControl
        className="filter"
        aria-label="Which to-dos"
        value={filter}
        onChange={(value) => setFilter(value === "done" ? "done" : "open")}
        data={[
          { value: "open", label: "Open" },
          { value: "done", label: "Done" },
        ]}
      />
      <QueryView query={todos}>
        {(list) => {
          if (list.length === 0) return <Nothing filter={filter} />;
          if (filter === "done") return rows(list.toSorted((a, b) => (b.completed_at ?? "").localeCompare(a.completed_at ?? "")));
          return groupTodos(now, list).map((group) => (
            <section key={group.name} aria-label={group.name}>
              <h2 className="group" data-late={group.name === "Overdue" || undefined}>
                {group.name} <span>{group.todos.length}</span>
              </h2>
              {rows(group.todos)}
            </section>
          ));
        }}
      </QueryView>
    </Page>
  );
}

function Nothing({ filter }: { filter: TodoFilter }) {
  return (
    <p className="nothing">
      {filter === "open"
        ? "Nothing to do. Add something above, or tell Margay in the chat."
        : "Nothing is done yet. What you check off is kept here."}
    </p>
  );
}
