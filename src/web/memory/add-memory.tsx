import { Button, NativeSelect } from "@mantine/core";
import { type RefObject, useState } from "react";
import { MAX_MEMORY_TEXT } from "../../memory/shapes.ts";
import { sayError } from "../api/api-error.ts";
import { type MemoryKind, useMemoryActions } from "../api/memory.ts";
import { Icon } from "../ui/icons.tsx";
import { useToast } from "../ui/toast.tsx";
import { asKind, expiresAfter, KINDS, kindWords } from "./memory-words.ts";

/** One line that Margay should remember. */
export function AddMemory({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState("");
  const [kind, setKind] = useState<MemoryKind>("fact");
  const { add } = useMemoryActions();
  const toast = useToast();
  const ready = text.trim() !== "" && !add.isPending;
  const save = () =>
    add.mutate(
      { text: text.trim(), kind, ...(kind === "ephemeral" ? { expires_at: expiresAfter(Date.now(), "week") } : {}) },
      {
        onSuccess: () => {
          setText("");
          toast("Remembered.");
        },
      },
    );
  return (
    <form
      className="add-todo"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) save();
      }}
    >
      <div className="add-row">
        <Icon name="plus" />
        <input
          ref={field}
          aria-label="Add a memory"
          aria-describedby="add-memory-hint"
          placeholder="I am vegetarian, and allergic to nuts"
          enterKeyHint="done"
          autoComplete="off"
          maxLength={MAX_MEMORY_TEXT}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            if (add.isError) add.reset();
          }}
        />
        <Button type="submit" size="sm" loading={add.isPending} aria-disabled={!ready}>
          Add
        </Button>
      </div>
      <div id="add-memory-hint" className="add-hint" aria-live="polite">
        {add.isError ? (
          <span className="error">{sayError(add.error)}</span>
        ) : text.trim() === "" ? (
          "Something Margay should know about you. It also remembers from your conversations."
        ) : (
          <>
            <span>Keep it as</span>
            <NativeSelect
              size="xs"
              aria-label="Kind"
              data={KINDS.map((item) => ({ value: item.kind, label: item.one }))}
              value={kind}
              onChange={(event) => setKind(asKind(event.currentTarget.value) ?? "fact")}
            />
            <span className="add-what">{kind === "ephemeral" ? "Gone by itself after a week." : kindWords(kind).what}</span>
          </>
        )}
      </div>
    </form>
  );
}
