import { Button, Checkbox, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { sayError } from "../api/api-error.ts";
import { useTaskActions } from "../api/tasks.ts";
import { ProfileField } from "./profile-field.tsx";

/** The longest text that a task is begun with, and the longest that comes along, characters. */
const MOST = 20_000;
const MOST_CONTEXT = 32_000;

/** Begins a task. Rendered while it is open; opens the task once it is there. */
export function StartTask({ onClose }: { onClose: () => void }) {
  const [input, setInput] = useState("");
  const [profile, setProfile] = useState("research");
  const [context, setContext] = useState("");
  const [tell, setTell] = useState(true);
  const [error, setError] = useState<string | null>(null);
  const { start } = useTaskActions();
  const [, navigate] = useLocation();
  const ready = input.trim() !== "" && !start.isPending;

  const begin = async () => {
    setError(null);
    try {
      const task = await start.mutateAsync({
        input: input.trim(),
        profile,
        tell,
        ...(context.trim() === "" ? {} : { context: context.trim() }),
      });
      onClose();
      navigate(`/tasks/${encodeURIComponent(task.id)}`);
    } catch (failure) {
      setError(sayError(failure));
    }
  };

  return (
    <Modal opened onClose={onClose} size={560} title="New task" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void begin();
        }}
      >
        <Textarea
          label="What to do"
          placeholder="Compare the three cheapest trains from Oslo to Bergen on Friday, with links"
          autosize
          minRows={3}
          maxRows={12}
          maxLength={MOST}
          data-autofocus
          value={input}
          onChange={(event) => setInput(event.currentTarget.value)}
        />
        <ProfileField profile={profile} onChange={setProfile} />
        <Textarea
          label="Something to go with it"
          description="Text from elsewhere, such as a mail. It is read as material, never as your word. May stay empty"
          autosize
          minRows={2}
          maxRows={10}
          maxLength={MOST_CONTEXT}
          value={context}
          onChange={(event) => setContext(event.currentTarget.value)}
        />
        <Checkbox
          label="Tell me in the conversation when it has ended"
          checked={tell}
          onChange={(event) => setTell(event.currentTarget.checked)}
        />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button type="submit" loading={start.isPending} aria-disabled={!ready}>
            Begin
          </Button>
        </div>
      </form>
    </Modal>
  );
}
