import { NativeSelect, SegmentedControl, Textarea } from "@mantine/core";
import type { ScheduleAction } from "../api/schedules.ts";
import { ProfileField } from "../tasks/profile-field.tsx";
import { ACTIONS, type ActionWords, wordsOf } from "./schedule-words.ts";

/** The longest text, prompt or input, characters. */
const MOST = 4_000;

const TIERS = [
  { value: "", label: "As usual" },
  { value: "fast", label: "Fast" },
  { value: "smart", label: "Smart" },
];

interface Props {
  action: ScheduleAction;
  /** What there is to choose from; what a schedule can do where nothing is said. */
  actions?: readonly ActionWords[];
  onChange: (action: ScheduleAction) => void;
}

/** What it does when it is due: say something, ask the agent, or begin a task. The words stay when the kind is changed. */
export function ActionFields({ action, actions = ACTIONS, onChange }: Props) {
  const chosen = actions.find(({ kind }) => kind === action.kind);
  const words = wordsOf(action);
  const set = (kind: string, text: string) => {
    if (kind === "prompt") onChange({ kind, prompt: text, tier: action.kind === "prompt" ? action.tier : null });
    else if (kind === "profile") onChange({ kind, input: text, profile: action.kind === "profile" ? action.profile : "research" });
    else onChange({ kind: "text", text });
  };
  return (
    <div className="action-fields">
      <SegmentedControl
        fullWidth
        aria-label="What it does"
        value={action.kind}
        onChange={(kind) => set(kind, words)}
        data={actions.map(({ kind, name }) => ({ value: kind, label: name }))}
      />
      <Textarea
        label={chosen?.label}
        description={chosen?.what}
        placeholder={chosen?.example}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={MOST}
        value={words}
        onChange={(event) => set(action.kind, event.currentTarget.value)}
      />
      {action.kind === "prompt" && (
        <NativeSelect
          label="Answer with"
          data={TIERS}
          value={action.tier ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onChange({ ...action, tier: value === "fast" || value === "smart" ? value : null });
          }}
        />
      )}
      {action.kind === "profile" && <ProfileField profile={action.profile} onChange={(profile) => onChange({ ...action, profile })} />}
    </div>
  );
}
