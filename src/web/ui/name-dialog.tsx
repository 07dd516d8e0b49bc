import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";

interface Props {
  title: string;
  label: string;
  action: string;
  /** What it is called now. */
  name?: string;
  max: number;
  /** Rejects with what to tell. */
  onSave: (name: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for a name. Rendered while it is open; stays open, with the reason, when the name was not taken. */
export function NameDialog({ title, label, action, name = "", max, onSave, onClose }: Props) {
  const [text, setText] = useState(name);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      await onSave(text.trim());
      onClose();
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} centered closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") void save();
        }}
      >
        <TextInput
          label={label}
          value={text}
          error={error}
          maxLength={max}
          autoComplete="off"
          data-autofocus
          onChange={(event) => {
            setText(event.currentTarget.value);
            setError(null);
          }}
        />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving} aria-disabled={text.trim() === ""}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
