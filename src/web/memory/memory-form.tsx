import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import { MAX_MEMORY_TEXT } from "../../memory/shapes.ts";
import { sayError } from "../api/api-error.ts";
import type { MemoryKind, MemoryPatch, MemoryView } from "../api/memory.ts";
import { asKind, expiresAfter, KINDS, kindWords, type Span, SPANS } from "./memory-words.ts";

interface Props {
  memory: MemoryView;
  onSave: (fields: MemoryPatch) => Promise<void>;
  onClose: () => void;
}

/** Changes a memory in place. Only what was touched is sent. */
export function MemoryForm({ memory, onSave, onClose }: Props) {
  const [text, setText] = useState(memory.text);
  const [kind, setKind] = useState<MemoryKind>(memory.kind);
  // What was short-lived keeps its end unless another is chosen.
  const kept = memory.kind === "ephemeral" && memory.expires_at !== null;
  const [span, setSpan] = useState<Span | "kept">(kept ? "kept" : "week");
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);

  const save = async () => {
    const fields: MemoryPatch = {};
    if (text.trim() !== memory.text) fields.text = text.trim();
    if (kind !== memory.kind) fields.kind = kind;
    if (kind === "ephemeral" && span !== "kept") fields.expires_at = expiresAfter(Date.now(), span);
    if (kind !== "ephemeral" && memory.expires_at !== null) fields.expires_at = null;
    if (Object.keys(fields).length === 0) {
      onClose();
      return;
    }
    setSaving(true);
    try {
      await onSave(fields);
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
        if (text.trim() !== "") void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <Textarea
        label="What Margay remembers"
        description={text.length > MAX_MEMORY_TEXT - 100 ? `${text.length} of ${MAX_MEMORY_TEXT} characters` : undefined}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={MAX_MEMORY_TEXT}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoFocus
      />
      <div className="two">
        <NativeSelect
          label="Kind"
          description={kindWords(kind).what}
          data={KINDS.map((item) => ({ value: item.kind, label: item.one }))}
          value={kind}
          onChange={(event) => setKind(asKind(event.currentTarget.value) ?? memory.kind)}
        />
        {kind === "ephemeral" && (
          <NativeSelect
            label="Keep it"
            description="Counted from now"
            data={[
              ...(kept ? [{ value: "kept", label: "as long as before" }] : []),
              ...SPANS.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={span}
            onChange={(event) => setSpan(SPANS.find(({ id }) => id === event.currentTarget.value)?.id ?? "kept")}
          />
        )}
      </div>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <div className="row end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={saving} aria-disabled={text.trim() === ""}>
          Save
        </Button>
      </div>
    </form>
  );
}
