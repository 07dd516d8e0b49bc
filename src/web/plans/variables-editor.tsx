import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { Icon } from "../ui/icons.tsx";
import type { TypedVariable } from "./variables.ts";

/** The most that a playbook can ask for. */
const MOST = 20;

interface Props {
  variables: readonly TypedVariable[];
  onChange: (variables: TypedVariable[]) => void;
}

/** What a playbook asks for before it runs. */
export function VariablesEditor({ variables, onChange }: Props) {
  const set = (place: number, fields: Partial<TypedVariable>) =>
    onChange(variables.map((item, at) => (at === place ? { ...item, ...fields } : item)));
  return (
    <fieldset className="tool-choice">
      <legend>
        Variables <span>what it asks for before it runs</span>
      </legend>
      <ul className="editor-list">
        {variables.map((variable, place) => {
          const called = variable.name === "" ? `variable ${place + 1}` : variable.name;
          return (
            <li key={place} className="editor-item">
              <div className="two">
                <TextInput
                  label="Variable"
                  placeholder="city"
                  maxLength={40}
                  autoComplete="off"
                  spellCheck={false}
                  value={variable.name}
                  onChange={(event) => set(place, { name: event.currentTarget.value })}
                />
                <TextInput
                  label="What to fill in"
                  placeholder="Where to go"
                  maxLength={300}
                  value={variable.description}
                  onChange={(event) => set(place, { description: event.currentTarget.value })}
                />
              </div>
              {!variable.needed && (
                <TextInput
                  label="If nothing is said"
                  maxLength={2_000}
                  value={variable.usual}
                  onChange={(event) => set(place, { usual: event.currentTarget.value })}
                />
              )}
              <div className="editor-foot">
                <Checkbox
                  label="Has to be filled in each time"
                  checked={variable.needed}
                  onChange={(event) => set(place, { needed: event.currentTarget.checked })}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={34}
                  aria-label={`Remove ${called}`}
                  onClick={() => onChange(variables.filter((_, at) => at !== place))}
                >
                  <Icon name="trash" size={17} />
                </ActionIcon>
              </div>
            </li>
          );
        })}
      </ul>
      {variables.length < MOST && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => onChange([...variables, { name: "", description: "", usual: "", needed: true }])}
        >
          Add a variable
        </Button>
      )}
    </fieldset>
  );
}
