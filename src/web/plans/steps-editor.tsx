import { Button } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../ui/icons.tsx";
import { StepFields } from "./step-fields.tsx";
import { couldWaitFor, type StepDraft, stepOf, type TypedStep } from "./typed-step.ts";

/** The most that a plan can have. */
const MOST = 30;

interface Props {
  steps: readonly TypedStep[];
  onChange: (steps: TypedStep[]) => void;
}

/** What of a step is known while it may not be whole. */
function draftOf(typed: TypedStep): StepDraft {
  const draft = stepOf(typed);
  if (typeof draft !== "string") return draft;
  return { name: typed.name, title: typed.title, after: typed.after, work: { kind: "agent", profile: typed.profile, input: typed.text } };
}

/** The steps of a playbook, each folded until it is wanted. */
export function StepsEditor({ steps, onChange }: Props) {
  const [open, setOpen] = useState<string | null>(steps.length === 1 ? (steps[0]?.name ?? null) : null);
  const drafts = steps.map(draftOf);
  const add = () => {
    const name = freeStep(steps);
    onChange([...steps, { name, title: "", kind: "agent", profile: "research", text: "", tool: "", fields: [], raw: null, after: [] }]);
    setOpen(name);
  };
  return (
    <fieldset className="tool-choice">
      <legend>
        Steps <span>another step uses a result by its name, such as {"{{step_1}}"}</span>
      </legend>
      <ul className="editor-list">
        {steps.map((step, place) => {
          const here = open === step.name;
          const called = step.title === "" ? `Step ${place + 1}` : step.title;
          return (
            <li key={step.name} className="editor-item">
              <button type="button" className="editor-head" aria-expanded={here} onClick={() => setOpen(here ? null : step.name)}>
                <span>{called}</span>
                <code>{step.name}</code>
                <Icon name="down" size={16} />
              </button>
              {here && (
                <>
                  <StepFields
                    step={step}
                    others={couldWaitFor(drafts, step.name)}
                    onChange={(next) => onChange(steps.map((item) => (item.name === step.name ? next : item)))}
                  />
                  {steps.length > 1 && (
                    <Button
                      className="editor-remove"
                      variant="subtle"
                      color="red"
                      size="xs"
                      aria-label={`Remove: ${called}`}
                      onClick={() => onChange(without(steps, step.name))}
                    >
                      Remove this step
                    </Button>
                  )}
                </>
              )}
            </li>
          );
        })}
      </ul>
      {steps.length < MOST && (
        <Button variant="default" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={add}>
          Add a step
        </Button>
      )}
    </fieldset>
  );
}

const without = (steps: readonly TypedStep[], name: string): TypedStep[] =>
  steps.flatMap((step) => (step.name === name ? [] : [{ ...step, after: step.after.filter((item) => item !== name) }]));

function freeStep(steps: readonly TypedStep[]): string {
  const names = new Set(steps.map(({ name }) => name));
  for (let number = steps.length + 1; ; number += 1) if (!names.has(`step_${number}`)) return `step_${number}`;
}
