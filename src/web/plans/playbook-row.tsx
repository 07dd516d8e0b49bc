import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { type PlaybookView, usePlaybookActions } from "../api/playbooks.ts";
import { useNow } from "../lib/use-now.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { afterWords } from "./plan-words.ts";
import { ranWords, variableWords } from "./playbook-words.ts";
import { needsOf } from "./typed-step.ts";
import { WithReferences } from "./with-references.tsx";
import { StepWorkView, whoWords } from "./step-work-view.tsx";

interface Props {
  playbook: PlaybookView;
  onRun: () => void;
  onEdit: () => void;
  onCopy: () => void;
  /** The row is going: the focus needs a place that stays. */
  onDeleted: () => void;
}

/** One playbook: what it does and asks for, its steps on demand, and what can be done with it. Margay's own can only be copied. */
export function PlaybookRow({ playbook, onRun, onEdit, onCopy, onDeleted }: Props) {
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const { remove } = usePlaybookActions();
  const attempt = useAttempt();
  const [, navigate] = useLocation();
  const { name, title, description, variables, steps, built_in: builtIn } = playbook;
  const destroy = async () => {
    await attempt(remove.mutateAsync(name), () => `Deleted: ${title}`);
    onDeleted();
  };
  return (
    <li className="profile">
      <div className="profile-head">
        <div className="item-text">
          <b>{title}</b>
          <span>{description}</span>
        </div>
        <div className="profile-actions">
          <Button size="xs" leftSection={<Icon name="play" size={14} />} aria-label={`Run: ${title}`} onClick={onRun}>
            Run
          </Button>
          <MoreMenu name={title} busy={remove.isPending} width={200} size={30}>
            <Menu.Item
              leftSection={<Icon name="clock" size={16} />}
              onClick={() => navigate(`/schedules?playbook=${encodeURIComponent(name)}`)}
            >
              Schedule it
            </Menu.Item>
            {!builtIn && (
              <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
                Edit
              </Menu.Item>
            )}
            <Menu.Item leftSection={<Icon name="copy" size={16} />} onClick={onCopy}>
              Copy
            </Menu.Item>
            {!builtIn && (
              <>
                <Menu.Divider />
                <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => setAsking(true)}>
                  Delete…
                </Menu.Item>
              </>
            )}
          </MoreMenu>
        </div>
      </div>
      {variables.length > 0 && <p className="playbook-asks">Asks for: {variableWords(variables)}</p>}
      {playbook.tainted && (
        <p className="auto-facts">
          <span className="auto-outside" title="It was made where text from elsewhere was read, so it does not count as your word.">
            <Icon name="warn" size={14} />
            from outside content
          </span>
        </p>
      )}
      <details className="profile-more">
        <summary>
          {ranWords(now, playbook)}
          <span className="sr"> ({title})</span>
        </summary>
        <p>
          <WithReferences text={playbook.goal} steps={[]} />
        </p>
        <ol className="playbook-steps">
          {steps.map((step) => (
            <li key={step.name}>
              <b>
                <WithReferences text={step.title} steps={[]} />
              </b>
              <span className="auto-facts">
                <span>{whoWords(step)}</span>
                <span>{afterWords(steps, { needs: needsOf(step, steps) })}</span>
              </span>
              <StepWorkView step={step} steps={steps} />
            </li>
          ))}
        </ol>
        <p>
          In the chat: <code>/playbook run {name}</code>. What became of its runs is under <Link href="/plans">Plans</Link>.
        </p>
      </details>
      {asking && (
        <ConfirmDialog title="Delete this playbook?" action="Delete" onConfirm={() => void destroy()} onClose={() => setAsking(false)}>
          <p>
            Plans that were made from <b className="name">{title}</b> stay as they are. Schedules and events that run it fail until you
            choose another. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </li>
  );
}
