import { Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../chat/use-chat.ts";

/** The longest goal, characters. */
const MOST = 8_000;

/** Asks for a plan, as `/plan` in the chat does: the answer, with the plan, comes there. Rendered while it is open. */
export function NewPlan({ onClose }: { onClose: () => void }) {
  const [goal, setGoal] = useState("");
  const session = useSession();
  const [, navigate] = useLocation();
  const ready = goal.trim() !== "";
  return (
    <Modal opened onClose={onClose} size={560} title="New plan" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          onClose();
          session.say(`/plan ${goal.trim()}`);
          navigate("/");
        }}
      >
        <Textarea
          label="What do you want to come to?"
          description="Margay looks around first, changes nothing, and answers in the chat with the steps"
          placeholder="A weekend in Bergen in May for two: how to get there, where to stay, what to see"
          autosize
          minRows={3}
          maxRows={12}
          maxLength={MOST}
          data-autofocus
          value={goal}
          onChange={(event) => setGoal(event.currentTarget.value)}
        />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button type="submit" aria-disabled={!ready}>
            Make a plan
          </Button>
        </div>
      </form>
    </Modal>
  );
}
