import { Button } from "@mantine/core";
import { type Skill, useSkillActions } from "../api/skills.ts";
import { useNow } from "../lib/use-now.ts";
import { useAttempt } from "../ui/use-attempt.ts";
import { backWords, goneWords, titleOf } from "./skill-words.ts";

/** What was uninstalled, with the way back. */
export function UninstalledSkills({ skills }: { skills: readonly Skill[] }) {
  const { restore } = useSkillActions();
  const attempt = useAttempt();
  const now = useNow();
  return (
    <details className="skill-gone">
      <summary>
        Uninstalled <span>{skills.length}</span>
      </summary>
      <ul className="docs" aria-label="Uninstalled">
        {skills.map((skill) => (
          <li key={skill.name} className="doc">
            <div className="doc-body">
              <span className="doc-name">{titleOf(skill)}</span>
              <p className="doc-facts">{goneWords(now, skill.uninstalled_at ?? skill.updated_at)}</p>
            </div>
            <Button
              variant="default"
              size="xs"
              disabled={restore.isPending}
              aria-label={`Bring back ${titleOf(skill)}`}
              onClick={() => void attempt(restore.mutateAsync(skill.name), (back) => backWords(back.skill))}
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
