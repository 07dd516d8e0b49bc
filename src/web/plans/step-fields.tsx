import { Checkbox, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useId } from "react";
import { useToolNames } from "../api/audit.ts";
import { useProfiles } from "../api/tasks.ts";
import { ProfileField } from "../tasks/profile-field.tsx";
import { ToolInput } from "./tool-input.tsx";
import type { StepDraft, TypedStep } from "./typed-step.ts";

/** The longest text of a step, characters. */
const MOST = 8_000;

interface Props {
  step: TypedStep;
  /** Those it may wait for. */
  others: readonly StepDraft[];
  onChange: (step: TypedStep) => void;
}

/** What a step is called, does, and waits for. */
export function StepFields({ step, others, onChange }: Props) {
  return (
    <>
      <TextInput
        label="Title"
        description="One line that says what it does"
        maxLength={200}
        autoComplete="off"
        value={step.title}
        onChange={(event) => onChange({ ...step, title: event.currentTarget.value })}
      />
      <SegmentedControl
        fullWidth
        aria-label="Who does it"
        value={step.kind}
        onChange={(kind) => onChange({ ...step, kind: kind === "tool" ? "tool" : "agent" })}
        data={[
          { value: "agent", label: "Task" },
          { value: "tool", label: "One tool" },
        ]}
      />
      {step.kind === "agent" ? (
        <>
          <Textarea
            label="What it is told"
            description="What stands in double braces is replaced by the result of that step"
            autosize
            minRows={3}
            maxRows={14}
            maxLength={MOST}
            value={step.text}
            onChange={(event) => onChange({ ...step, text: event.currentTarget.value })}
          />
          <ProfileField profile={step.profile} onChange={(profile) => onChange({ ...step, profile })} />
        </>
      ) : (
        <>
          <ToolName tool={step.tool} onChange={(tool) => onChange({ ...step, tool })} />
          <ToolInput step={step} onChange={(input) => onChange({ ...step, ...input })} />
        </>
      )}
      {others.length > 0 && (
        <fieldset className="tool-choice">
          <legend>
            Begins after <span>steps whose results it uses are waited for anyway</span>
          </legend>
          <div className="stack after-list">
            {others.map(({ name, title }) => (
              <Checkbox
                key={name}
                label={title}
                checked={step.after.includes(name)}
                onChange={(event) =>
                  onChange({
                    ...step,
                    after: event.currentTarget.checked ? [...step.after, name] : step.after.filter((item) => item !== name),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}

/** Which tool. Offered are those that are known here; any other can be named. */
function ToolName({ tool, onChange }: { tool: string; onChange: (tool: string) => void }) {
  const id = useId();
  const used = useToolNames().data ?? [];
  const chosen = (useProfiles().data?.choices.tools ?? []).map(({ name }) => name);
  return (
    <>
      <TextInput
        label="Tool"
        description="Its name, such as add_todo"
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        list={id}
        value={tool}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={id}>
        {[...new Set([...chosen, ...used])].toSorted().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
