import { NativeSelect, SegmentedControl, Textarea } from "@mantine/core";
import { useRef } from "react";
import type { ScheduleAction } from "../api/schedules.ts";
import { PlaybookField } from "../plans/playbook-field.tsx";
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
  /** Variables of a playbook that are filled by what happens, and not asked. */
  given?: readonly string[];
  onChange: (action: ScheduleAction) => void;
}

/** What it does when it is due: say something, ask the agent, begin a task, or run a playbook. The words stay when the kind is changed. */
export function ActionFields({ action, actions = ACTIONS, given = [], onChange }: Props) {
  const chosen = actions.find(({ kind }) => kind === action.kind);
  // A playbook has no words of its own: those from before wait until another kind is chosen.
  const kept = useRef("");
  const words = action.kind === "playbook" ? kept.current : wordsOf(action);
  const set = (kind: string, text: string) => {
    kept.current = text;
    if (kind === "playbook") onChange({ kind, playbook: "", variables: {} });
    else if (kind === "prompt") onChange({ kind, prompt: text, tier: action.kind === "prompt" ? action.tier : null });
    else if (kind === "profile") onChange({ kind, input: text, profile: action.kind === "profile" ? action.profile : "research" });
    else onChange({ kind: "text", text });
  };
  return (
    <div className="action-fields">
      <SegmentedControl
        className="action-kinds"
        fullWidth
        aria-label="What it does"
        value={action.kind}
        onChange={(kind) => set(kind, words)}
        data={actions.map(({ kind, name }) => ({ value: kind, label: name }))}
      />
      {action.kind === "playbook" ? (
        <PlaybookField
          playbook={action.playbook}
          variables={action.variables}
          description={chosen?.what ?? ""}
          given={given}
          onChange={(fields) => onChange({ kind: "playbook", ...fields })}
        />
      ) : (
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
      )}
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
