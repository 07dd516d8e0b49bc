import { Button } from "@mantine/core";
import type { SkillDetail, SkillVersion } from "../api/skills.ts";
import { Section } from "../ui/section.tsx";
import { FindingList } from "./finding-list.tsx";
import { FOR_PROGRAMS, permissionsIn, permissionWords } from "./permission-words.ts";

interface Props {
  skill: SkillDetail["skill"];
  version: SkillVersion;
  onShow: (file: string, line: number) => void;
  onChange: () => void;
}

/** What an enabled skill has, what it asked for and did not get, and what was found in it. */
export function Allowed({ skill, version, onShow, onChange }: Props) {
  const has = permissionsIn(skill.granted);
  const keys = new Set(has.map(({ key }) => key));
  const refused = permissionsIn(version.permissions).filter(({ key }) => !keys.has(key));
  const findings = version.findings.filter(({ severity }) => severity !== "info");
  return (
    <Section title="What it may do">
      {has.length === 0 ? (
        <p className="dim">Nothing of its own: it is instructions that Margay reads, with what Margay may do anyway.</p>
      ) : (
        <ul className="skill-sentences">
          {has.map((permission) => (
            <li key={permission.key}>{permissionWords(permission)}</li>
          ))}
        </ul>
      )}
      {refused.length > 0 && (
        <p className="dim">Asked for and not allowed: {refused.map((permission) => permissionWords(permission)).join("; ")}.</p>
      )}
      {has.length + refused.length > 0 && <p className="dim">{FOR_PROGRAMS}</p>}
      {!skill.built_in && (
        <p className="dim">
          {skill.trusted
            ? "You read its texts: they guide Margay. They never count as your word."
            : "Its texts count as content from outside, so Margay asks more often after reading them."}
        </p>
      )}
      <FindingList findings={findings} onShow={onShow} />
      {(permissionsIn(version.permissions).length > 0 || !skill.built_in) && (
        <div className="row">
          <Button variant="default" size="xs" onClick={onChange}>
            Change what it may do
          </Button>
        </div>
      )}
    </Section>
  );
}
