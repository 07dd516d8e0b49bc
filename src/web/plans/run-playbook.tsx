import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { sayError } from "../api/api-error.ts";
import { type PlaybookView, usePlaybookActions } from "../api/playbooks.ts";
import { counted } from "../lib/format.ts";
import { VariableFields } from "./variable-fields.tsx";
import { givenValues, missingValues } from "./variables.ts";

/** Asks for what a playbook wants to know, and runs it. Rendered while it is open; opens the plan once it is there. */
export function RunPlaybook({ playbook, onClose }: { playbook: PlaybookView; onClose: () => void }) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [error, setError] = useState<string | null>(null);
  const { run } = usePlaybookActions();
  const [, navigate] = useLocation();
  const { name, title, description, variables, steps } = playbook;
  const missing = missingValues(variables, values);

  const begin = async () => {
    setError(null);
    try {
      const plan = await run.mutateAsync({ name, variables: givenValues(variables, values) });
      onClose();
      navigate(`/plans/${encodeURIComponent(plan.id)}`);
    } catch (failure) {
      setError(sayError(failure));
    }
  };

  return (
    <Modal opened onClose={onClose} size={560} title={title} closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (missing.length > 0) setError(`Fill in: ${missing.join(", ")}.`);
          else if (!run.isPending) void begin();
        }}
      >
        <p className="dim">
          {description} {counted(steps.length, "step")}, which run at once. What has to be asked is asked all the same.
        </p>
        <VariableFields variables={variables} values={values} onChange={setValues} />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button type="submit" loading={run.isPending}>
            Run
          </Button>
        </div>
      </form>
    </Modal>
  );
}
