import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { sayError } from "../api/api-error.ts";
import type { ExecutionPlan } from "../api/plans.ts";
import { usePlaybookActions, usePlaybooks } from "../api/playbooks.ts";
import { useToast } from "../ui/toast.tsx";
import { type Chosen, ChosenWords } from "./chosen-words.tsx";
import { planTitle } from "./plan-words.ts";
import { freeName, planTexts, playbookName, timesIn, variableName } from "./playbook-words.ts";

/** The longest title of a playbook, characters. */
const TITLE = 120;

/** Keeps a plan to be run again: under which name, and which of its words are others the next time. Rendered while it is open. */
export function SavePlaybook({ plan, onClose }: { plan: ExecutionPlan; onClose: () => void }) {
  const playbooks = usePlaybooks().data ?? [];
  const [title, setTitle] = useState(planTitle(plan).slice(0, TITLE));
  const [typedName, setName] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [error, setError] = useState<string | null>(null);
  const { add } = usePlaybookActions();
  const toast = useToast();
  const [, navigate] = useLocation();
  const texts = planTexts(plan);
  const name = typedName ?? freeName(playbookName(title), playbooks);

  const save = async () => {
    setError(null);
    const nowhere = chosen.find(({ text }) => timesIn(texts, text.trim()) === 0);
    if (nowhere) {
      setError(
        nowhere.text.trim() === "" ? "Say which words are variable, or remove the entry." : `“${nowhere.text}” stands nowhere in the plan.`,
      );
      return;
    }
    const variables = chosen.map(({ text, name: typed, description: what, needed }) => ({
      text: text.trim(),
      name: (typed ?? variableName(text)).trim(),
      description: what.trim(),
      default: needed ? null : text.trim(),
    }));
    try {
      const made = await add.mutateAsync({ plan_id: plan.id, name, title: title.trim(), description: description.trim(), variables });
      toast(`Saved: ${made.title}`);
      onClose();
      navigate("/plans/playbooks");
    } catch (failure) {
      setError(sayError(failure));
    }
  };
  const ready = title.trim() !== "" && name !== "" && !add.isPending;

  return (
    <Modal opened onClose={onClose} size={600} title="Save as playbook" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void save();
        }}
      >
        <TextInput
          label="Title"
          maxLength={TITLE}
          autoComplete="off"
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          description="Small letters, digits and dashes: what it is called by in the chat"
          pattern="[a-z0-9][a-z0-9\-]{0,59}"
          maxLength={60}
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="What it does"
          description="One line, for you and for Margay. May stay empty"
          maxLength={500}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <ChosenWords texts={texts} chosen={chosen} onChange={setChosen} />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending} aria-disabled={!ready}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
