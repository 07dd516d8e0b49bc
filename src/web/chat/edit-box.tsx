import { Button, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

/** Changes a message that was sent: what followed it is answered anew. */
export function EditBox({ text, onSend, onCancel }: { text: string; onSend: (text: string) => void; onCancel: () => void }) {
  const [value, setValue] = useState(text);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // One frame later, so that it comes after the list has settled at its end.
    const frame = requestAnimationFrame(() => form.current?.scrollIntoView({ block: "center" }));
    return () => cancelAnimationFrame(frame);
  }, []);
  const ready = value.trim() !== "";
  return (
    <form
      ref={form}
      className="edit"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend(value);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Escape") {
          event.stopPropagation();
          onCancel();
        }
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          if (ready) onSend(value);
        }
      }}
    >
      <Textarea
        aria-label="Edit your message"
        description="What came after this message leaves the conversation."
        autosize
        minRows={1}
        maxRows={12}
        autoFocus
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <div className="row end">
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="xs" disabled={!ready}>
          Send
        </Button>
      </div>
    </form>
  );
}
