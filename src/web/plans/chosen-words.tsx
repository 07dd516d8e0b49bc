import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { counted } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { likelyWords, timesIn, variableName } from "./playbook-words.ts";

/** Words of a plan that are asked for when its playbook runs. */
export interface Chosen {
  text: string;
  /** What they are called; null: it follows from the words. */
  name: string | null;
  description: string;
  needed: boolean;
}

/** The most that a playbook can ask for. */
const MOST = 20;

interface Props {
  /** Everything that is written in the plan. */
  texts: readonly string[];
  chosen: readonly Chosen[];
  onChange: (chosen: Chosen[]) => void;
}

/** Which words of a plan are asked for when it runs again. */
export function ChosenWords({ texts, chosen, onChange }: Props) {
  const set = (place: number, fields: Partial<Chosen>) =>
    onChange(chosen.map((item, at) => (at === place ? { ...item, ...fields } : item)));
  const add = (text: string) => onChange([...chosen, { text, name: null, description: "", needed: false }]);
  const offered = likelyWords(texts).filter((words) => chosen.every(({ text }) => text !== words));
  return (
    <fieldset className="tool-choice">
      <legend>
        What is different each time <span>these words are asked for when it runs</span>
      </legend>
      <ul className="editor-list">
        {chosen.map(({ text, name, description, needed }, place) => {
          const times = timesIn(texts, text.trim());
          return (
            <li key={place} className="editor-item">
              <div className="two">
                <TextInput
                  label="Words of the plan"
                  description={
                    text.trim() === ""
                      ? "As they stand there"
                      : times === 0
                        ? "stand nowhere in it"
                        : `stand there ${times === 1 ? "once" : counted(times, "time")}`
                  }
                  maxLength={2_000}
                  autoComplete="off"
                  value={text}
                  onChange={(event) => set(place, { text: event.currentTarget.value })}
                />
                <TextInput
                  label="Called"
                  description="Small letters, digits and _"
                  pattern="[a-z][a-z0-9_]{0,39}"
                  maxLength={40}
                  autoComplete="off"
                  spellCheck={false}
                  value={name ?? variableName(text)}
                  onChange={(event) => set(place, { name: event.currentTarget.value })}
                />
              </div>
              <TextInput
                label="What to fill in"
                placeholder="Where to go"
                maxLength={300}
                value={description}
                onChange={(event) => set(place, { description: event.currentTarget.value })}
              />
              <div className="editor-foot">
                <Checkbox
                  label="Has to be filled in each time"
                  checked={needed}
                  onChange={(event) => set(place, { needed: event.currentTarget.checked })}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={34}
                  aria-label={`Remove ${text === "" ? `entry ${place + 1}` : text}`}
                  onClick={() => onChange(chosen.filter((_, at) => at !== place))}
                >
                  <Icon name="trash" size={17} />
                </ActionIcon>
              </div>
            </li>
          );
        })}
      </ul>
      {chosen.length < MOST && (
        <div className="chips" role="group" aria-label="Words that may be different">
          {offered.map((words) => (
            <button key={words} type="button" className="chip" onClick={() => add(words)}>
              <Icon name="plus" size={14} /> {words}
            </button>
          ))}
          <Button variant="default" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => add("")}>
            Other words
          </Button>
        </div>
      )}
    </fieldset>
  );
}
