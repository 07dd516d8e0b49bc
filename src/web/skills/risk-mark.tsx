import type { Skill } from "../api/skills.ts";
import { RISKS } from "./skill-words.ts";

/** How much a wrong step of a skill could cost. */
export function RiskMark({ risk }: { risk: Skill["risk"] }) {
  const { name, words, tone } = RISKS[risk];
  return (
    <span className="tag skill-risk" data-tone={tone} title={words}>
      {risk} {name}
    </span>
  );
}
