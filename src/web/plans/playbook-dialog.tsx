import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type PlaybookView, usePlaybookActions } from "../api/playbooks.ts";
import { useToast } from "../ui/toast.tsx";
import { freeName, playbookName } from "./playbook-words.ts";
import { StepsEditor } from "./steps-editor.tsx";
import { type StepDraft, stepOf, type TypedStep, typedStep } from "./typed-step.ts";
import { typedVariable, variableOf } from "./variables.ts";
import { VariablesEditor } from "./variables-editor.tsx";

interface Props {
  /** What is changed; null: a new one is made. */
  playbook: PlaybookView | null;
  /** What a new one begins with. */
  copy: PlaybookView | null;
  playbooks: readonly PlaybookView[];
  onClose: () => void;
}

const FIRST: TypedStep = {
  name: "step_1",
  title: "",
  kind: "agent",
  profile: "research",
  text: "",
  tool: "",
  fields: [],
  raw: null,
  after: [],
};

/** Makes or changes a playbook. Rendered while it is open. */
export function PlaybookDialog({ playbook, copy, playbooks, onClose }: Props) {
  const from = playbook ?? copy;
  const [title, setTitle] = useState(playbook?.title ?? (copy ? `${copy.title} (my own)` : ""));
  // Until it is typed, the name follows the title.
  const [typedName, setName] = useState<string | null>(copy ? freeName(`my-${copy.name}`, playbooks) : null);
  const [description, setDescription] = useState(from?.description ?? "");
  const [goal, setGoal] = useState(from?.goal ?? "");
  const [variables, setVariables] = useState(() => (from?.variables ?? []).map(typedVariable));
  const [steps, setSteps] = useState(() => (from ? from.steps.map(typedStep) : [FIRST]));
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const { add, change } = usePlaybookActions();
  const toast = useToast();
  const name = typedName ?? playbookName(title);

  const save = async () => {
    setError(null);
    const drafts = steps.map(stepOf);
    const wrong = drafts.find((draft) => typeof draft === "string");
    if (wrong !== undefined) {
      setError(wrong);
      return;
    }
    const fields = {
      title: title.trim(),
      description: description.trim(),
      goal: goal.trim(),
      variables: variables.map(variableOf),
      steps: drafts.filter((draft): draft is StepDraft => typeof draft !== "string"),
    };
    setSaving(true);
    try {
      await (playbook ? change.mutateAsync({ name: playbook.name, fields }) : add.mutateAsync({ name, ...fields }));
      toast(playbook ? "Saved." : `Made: ${title.trim()}`);
      onClose();
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };
  const ready = title.trim() !== "" && name !== "" && goal.trim() !== "";

  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={playbook ? `Playbook ${playbook.name}` : "New playbook"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !saving) void save();
        }}
      >
        <TextInput
          label="Title"
          placeholder="Weekend away"
          maxLength={120}
          autoComplete="off"
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {playbook === null && (
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
        )}
        <TextInput
          label="What it does"
          description="One line, for you and for Margay"
          maxLength={500}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Textarea
          label="Goal"
          description="What each run is for. Variables stand in double braces, such as {{city}}"
          placeholder="A weekend in {{city}}, planned"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={8_000}
          value={goal}
          onChange={(event) => setGoal(event.currentTarget.value)}
        />
        <VariablesEditor variables={variables} onChange={setVariables} />
        <StepsEditor steps={steps} onChange={setSteps} />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving} aria-disabled={!ready}>
            {playbook ? "Save" : "Make it"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
