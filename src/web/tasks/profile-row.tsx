import { Button } from "@mantine/core";
import { useState } from "react";
import { type ProfileView, useProfileActions } from "../api/tasks.ts";
import { toolTitle } from "../../permission/tool-title.ts";
import { counted } from "../lib/format.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { limitWords } from "./task-words.ts";

interface Props {
  profile: ProfileView;
  onChange: () => void;
  onCopy: () => void;
  /** The row is going: the focus needs a place that stays. */
  onDeleted: () => void;
}

/** One profile: what it is for and may use, with all of it on demand. Margay's own can only be copied. */
export function ProfileRow({ profile, onChange, onCopy, onDeleted }: Props) {
  const [asking, setAsking] = useState(false);
  const { remove } = useProfileActions();
  const attempt = useAttempt();
  const { name, purpose, prompt, tier, tools, limits, built_in: builtIn } = profile;
  const destroy = async () => {
    await attempt(remove.mutateAsync(name), () => `Deleted: ${name}`);
    onDeleted();
  };
  return (
    <li className="profile">
      <div className="profile-head">
        <div className="item-text">
          <b>{name}</b>
          <span>{purpose}</span>
        </div>
        <div className="profile-actions">
          <Button variant="default" size="xs" aria-label={`Copy: ${name}`} onClick={onCopy}>
            Copy
          </Button>
          {!builtIn && (
            <>
              <Button variant="default" size="xs" aria-label={`Change: ${name}`} onClick={onChange}>
                Change
              </Button>
              <Button variant="subtle" color="red" size="xs" aria-label={`Delete: ${name}`} onClick={() => setAsking(true)}>
                Delete
              </Button>
            </>
          )}
        </div>
      </div>
      <details className="profile-more">
        <summary>
          {counted(tools.length, "tool")}, {tier} models, {limitWords(limits)}
          <span className="sr"> ({name})</span>
        </summary>
        <p className="plain">{prompt}</p>
        <p>Tools: {tools.length === 0 ? "none" : tools.map(toolTitle).join(", ")}.</p>
      </details>
      {asking && (
        <ConfirmDialog title="Delete this profile?" action="Delete" onConfirm={() => void destroy()} onClose={() => setAsking(false)}>
          <p>
            Tasks of <b className="name">{name}</b> that run go on as they were. Schedules and events that give it work fail until you
            choose another. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </li>
  );
}
