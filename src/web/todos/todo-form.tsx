import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import type { Priority, TodoChange, TodoView } from "../api/todos.ts";
import { clock } from "../lib/time.ts";
import { dueText } from "./todo-groups.ts";
import { useNow } from "../lib/use-now.ts";

const PRIORITIES = [
  { value: "p1", label: "p1, most urgent" },
  { value: "p2", label: "p2" },
  { value: "p3", label: "p3" },
  { value: "p4", label: "p4, normal" },
];

interface Props {
  todo: TodoView;
  onSave: (change: TodoChange) => Promise<void>;
  onClose: () => void;
}

/** Changes a to-do in place. Only what was touched is sent. */
export function TodoForm({ todo, onSave, onClose }: Props) {
  // As it was when the form opened: it tells what was touched.
  const now = useNow();
  const [dueBefore] = useState(() => dueText(now, todo, clock) ?? "");
  const [title, setTitle] = useState(todo.title);
  const [due, setDue] = useState(dueBefore);
  const [priority, setPriority] = useState<Priority>(todo.priority);
  const [notes, setNotes] = useState(todo.notes);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);

  const save = async () => {
    const change: TodoChange = {};
    if (title.trim() !== todo.title) change.title = title.trim();
    if (due.trim() !== dueBefore) change.due = due.trim() === "" ? null : due.trim();
    if (priority !== todo.priority) change.priority = priority;
    if (notes !== todo.notes) change.notes = notes;
    if (Object.keys(change).length === 0) {
      onClose();
      return;
    }
    setSaving(true);
    try {
      await onSave(change);
      onClose();
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };

  return (
    <form
      className="todo-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() !== "") void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <TextInput
        label="To-do"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={500}
        required
        withAsterisk={false}
        autoFocus
      />
      <div className="two">
        <TextInput
          label="Due"
          description="In your own words; empty for no date"
          placeholder="Friday at 3pm"
          value={due}
          onChange={(event) => setDue(event.currentTarget.value)}
          maxLength={200}
        />
        <NativeSelect
          label="Priority"
          description="How urgent it is"
          data={PRIORITIES}
          value={priority}
          onChange={(event) => setPriority(event.currentTarget.value as Priority)}
        />
      </div>
      <Textarea
        label="Notes"
        autosize
        minRows={2}
        maxRows={10}
        maxLength={10_000}
        value={notes}
        onChange={(event) => setNotes(event.currentTarget.value)}
      />
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <div className="row end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={saving}>
          Save
        </Button>
      </div>
    </form>
  );
}
