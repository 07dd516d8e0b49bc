import { Button, Textarea } from "@mantine/core";
import { useId, useState } from "react";
import type { ApprovalAnswer, ApprovalView } from "../../channels/approval-view.ts";

interface Props {
  approval: ApprovalView;
  /** An answer is under way. */
  busy: boolean;
  onAnswer: (answer: ApprovalAnswer, note: string) => void;
}

/** The longest note, in characters. */
const MAX_NOTE = 2_000;

/** The answers that mean something, and a word to go with one of them. */
export function AnswerForm({ approval, busy, onAnswer }: Props) {
  const [note, setNote] = useState("");
  const [writing, setWriting] = useState(false);
  const covers = useId();
  const answer = (value: ApprovalAnswer) => onAnswer(value, note.trim());
  return (
    <div className="ask-form">
      {writing ? (
        <Textarea
          label="Tell it why"
          description="Goes to your agent with your answer."
          autosize
          minRows={1}
          maxRows={6}
          maxLength={MAX_NOTE}
          autoFocus
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      ) : (
        <button type="button" className="link-button" onClick={() => setWriting(true)}>
          Add a note
        </button>
      )}
      <div className="ask-buttons" role="group" aria-label="Your answer">
        <Button size="sm" disabled={busy} onClick={() => answer("once")}>
          Once
        </Button>
        {approval.always !== null && (
          <>
            <Button size="sm" variant="default" disabled={busy} aria-describedby={covers} onClick={() => answer("task")}>
              For this task
            </Button>
            <Button size="sm" variant="default" disabled={busy} aria-describedby={covers} onClick={() => answer("always")}>
              Always
            </Button>
          </>
        )}
        <Button size="sm" variant="subtle" color="red" disabled={busy} onClick={() => answer("deny")}>
          Deny
        </Button>
      </div>
      {approval.always !== null && (
        <p className="ask-covers" id={covers}>
          <b>Always</b> will cover: {approval.always}. <b>For this task</b>: the same, for a day at most.
        </p>
      )}
      <p className="sr" role="status">
        {busy ? "Your answer is being sent." : ""}
      </p>
    </div>
  );
}
