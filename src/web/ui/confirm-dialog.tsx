import { Button, Modal, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

interface Props {
  title: string;
  children: ReactNode;
  action: string;
  /** What leaves everything as it is; "Cancel" where nothing else is said. */
  keep?: string;
  /** What must be typed before the action can be pressed. */
  typed?: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. Rendered while it is open. */
export function ConfirmDialog({ title, children, action, keep = "Cancel", typed, onConfirm, onClose }: Props) {
  const [text, setText] = useState("");
  const ready = typed === undefined || text.trim() === typed;
  return (
    <Modal opened onClose={onClose} title={title} centered closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          onConfirm();
          onClose();
        }}
      >
        <div>{children}</div>
        {typed !== undefined && (
          <TextInput
            label={`Type ${typed} to confirm`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
          />
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            {keep}
          </Button>
          <Button type="submit" color="red" disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
