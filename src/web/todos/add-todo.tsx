import { Button } from "@mantine/core";
import { type RefObject, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { useTodoActions } from "../api/todos.ts";
import { Icon } from "../ui/icons.tsx";
import { PriorityMark } from "./priority-mark.tsx";
import { quickAdd } from "./quick-add.ts";

/** One line that becomes a to-do; shows what it understood while it is typed. */
export function AddTodo({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const [line, setLine] = useState("");
  const { add } = useTodoActions();
  const todo = quickAdd(line);
  const ready = todo.title !== "" && !add.isPending;
  return (
    <form
      className="add-todo"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) add.mutate(todo, { onSuccess: () => setLine("") });
      }}
    >
      <div className="add-row">
        <Icon name="plus" />
        <input
          ref={field}
          aria-label="Add a to-do"
          aria-describedby="add-hint"
          placeholder="Film the video, p1, due tomorrow at 9am"
          enterKeyHint="done"
          autoComplete="off"
          maxLength={500}
          value={line}
          onChange={(event) => {
            setLine(event.currentTarget.value);
            if (add.isError) add.reset();
          }}
        />
        <Button type="submit" size="sm" loading={add.isPending} aria-disabled={!ready}>
          Add
        </Button>
      </div>
      <p id="add-hint" className="add-hint" aria-live="polite">
        {add.isError ? (
          <span className="error">{sayError(add.error)}</span>
        ) : todo.due !== undefined || todo.priority !== undefined ? (
          <>
            {todo.priority !== undefined && <PriorityMark priority={todo.priority} />}
            {todo.due !== undefined && (
              <span className="due">
                <Icon name="calendar" size={15} /> {todo.due}
              </span>
            )}
          </>
        ) : (
          "End the line with a date in your own words, and p1 to p4 for how urgent it is."
        )}
      </p>
    </form>
  );
}
