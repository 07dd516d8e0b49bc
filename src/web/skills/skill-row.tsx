import { Button, Switch } from "@mantine/core";
import { Link } from "wouter";
import { type Skill, useSkillActions } from "../api/skills.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { RiskMark } from "./risk-mark.tsx";
import { SkillMenu } from "./skill-menu.tsx";
import { skillHref } from "./skill-places.ts";
import { findingWords, originWords, titleOf, usageFacts, waits } from "./skill-words.ts";
import { useDisable } from "./use-disable.ts";

interface Props {
  skill: Skill;
  /** Asks what it may do first. */
  onEnable: () => void;
  /** The row is going: the focus needs a place that stays. */
  onGone: () => void;
}

/** One skill in the list: what it is for, how grave, how it did, and its switch. What was never looked at has a way to look at it instead. */
export function SkillRow({ skill, onEnable, onGone }: Props) {
  const now = useNow();
  const { enable } = useSkillActions();
  const disable = useDisable();
  const { name, description, state, risk } = skill;
  const title = titleOf(skill);
  const href = skillHref(name);
  const found = findingWords(skill);
  const on = state === "enabled";
  return (
    <li className="auto" data-quiet={!on || undefined}>
      <div className="auto-body">
        <Link href={href} className="auto-title">
          {title}
        </Link>
        <p className="skill-what">{description}</p>
        <div className="auto-facts">
          <RiskMark risk={risk} />
          {!skill.built_in && <span>{originWords(skill)}</span>}
          {found !== null && (
            <span className={found.danger ? "auto-outside" : undefined}>
              {found.danger && <Icon name="warn" size={14} />}
              {found.words}
            </span>
          )}
          {usageFacts(now, skill).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </div>
        {on && skill.waiting !== null && (
          <p className="task-waits">
            <Link href={href}>A new version wants to be looked at</Link>
          </p>
        )}
      </div>
      <div className="skill-actions">
        {waits(skill) && !on ? (
          <Button component={Link} href={href} size="xs" aria-label={`Look at ${title}`}>
            Look at it
          </Button>
        ) : (
          <Switch
            aria-label={`Enabled: ${title}`}
            checked={on}
            disabled={enable.isPending || disable.busy}
            onChange={() => (on ? void disable.run(skill) : onEnable())}
          />
        )}
        <SkillMenu skill={skill} onGone={onGone} />
      </div>
    </li>
  );
}
