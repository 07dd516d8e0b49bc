import { Textarea } from "@mantine/core";
import { toolTitle } from "../../permission/tool-title.ts";
import { inputOf, typedFields, type TypedStep } from "./typed-step.ts";

interface Props {
  step: TypedStep;
  onChange: (fields: Pick<TypedStep, "fields" | "raw">) => void;
}

/** What a tool is called with: an entry for each argument it has, or all of them as JSON. */
export function ToolInput({ step, onChange }: Props) {
  const { fields, raw } = step;
  const input = inputOf(step);
  if (raw !== null || fields.length === 0)
    return (
      <div>
        <Textarea
          label="Arguments"
          description="As JSON; the names are those of the tool"
          className="mono"
          placeholder={'{"title": "Buy tickets"}'}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          value={raw ?? ""}
          error={typeof input === "string" ? input : null}
          onChange={(event) => onChange({ fields, raw: event.currentTarget.value })}
        />
        {typeof input !== "string" && Object.keys(input).length > 0 && (
          <button type="button" className="link-button" onClick={() => onChange({ fields: typedFields(input), raw: null })}>
            One by one
          </button>
        )}
      </div>
    );
  return (
    <fieldset className="tool-choice stack">
      <legend>
        Called with <span>what is empty is left out</span>
      </legend>
      {fields.map(({ name, text, json }, place) => (
        <Textarea
          key={name}
          label={toolTitle(name)}
          description={json ? "As JSON" : undefined}
          autosize
          minRows={1}
          maxRows={10}
          value={text}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onChange({ fields: fields.map((field, at) => (at === place ? { ...field, text: value } : field)), raw: null });
          }}
        />
      ))}
      {typeof input === "string" ? (
        <p className="error">{input}</p>
      ) : (
        <button type="button" className="link-button" onClick={() => onChange({ fields, raw: JSON.stringify(input, null, 2) })}>
          All as JSON
        </button>
      )}
    </fieldset>
  );
}
