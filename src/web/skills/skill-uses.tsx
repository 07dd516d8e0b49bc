import { type Skill, useSkillUses } from "../api/skills.ts";
import { dollars, sentence } from "../lib/format.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { tookWords, usageFacts, usedWords, when } from "./skill-words.ts";

/** How a skill did: the numbers, and the last uses. */
export function SkillUses({ skill }: { skill: Skill }) {
  const query = useSkillUses(skill.name);
  const now = useNow();
  const { runs, ms } = skill.usage;
  const facts = [...usageFacts(now, skill), ...(runs === 0 ? [] : [`${tookWords(Math.round(ms / runs))} a run`])];
  return (
    <Section title="Use" intro={facts.length === 0 ? "It was not used yet." : sentence(`${facts.join(", ")}.`)}>
      <QueryView query={query} lines={1}>
        {(uses) =>
          uses.length === 0 ? null : (
            <ul className="runs skill-uses" aria-label="Last uses">
              {uses.map((use) => (
                <li key={`${use.at} ${use.file}`} data-tone={use.ended === "failed" ? "bad" : undefined}>
                  <time dateTime={new Date(use.at).toISOString()} title={fullTime(use.at)}>
                    {when(now, use.at)}
                  </time>
                  <span>
                    {usedWords(use)}
                    {use.ended === "failed" && `: ${use.summary.replace(`${skill.name}: `, "")}`}
                    {use.micro_usd > 0 && `, ${dollars(use.micro_usd)}`}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Section>
  );
}
