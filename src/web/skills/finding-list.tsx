import type { SkillFinding } from "../api/skills.ts";
import { visibleText } from "../lib/visible-text.ts";
import { placeWords, SEVERITIES } from "./skill-words.ts";

interface Props {
  findings: readonly SkillFinding[];
  /** Shows the place; absent: there is nowhere to show it. */
  onShow?: (file: string, line: number) => void;
}

/** What the scan found: how grave, why, and where. */
export function FindingList({ findings, onShow }: Props) {
  if (findings.length === 0) return null;
  return (
    <ul className="skill-findings" aria-label="Findings">
      {findings.map((finding, index) => {
        const { severity, why, excerpt, file, line } = finding;
        const place = placeWords(finding);
        return (
          <li key={`${index} ${place}`} data-severity={severity}>
            <span className="tag" data-tone={severity === "danger" ? "bad" : undefined}>
              {SEVERITIES[severity]}
            </span>
            <div>
              <p>{why}</p>
              {excerpt !== "" && <code className="skill-excerpt">{visibleText(excerpt)}</code>}
              {onShow ? (
                <button type="button" className="link-button" onClick={() => onShow(file, line)}>
                  {place}
                </button>
              ) : (
                <span className="dim">{place}</span>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
