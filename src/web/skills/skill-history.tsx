import { Button } from "@mantine/core";
import { useState } from "react";
import { type SkillDetail, type SkillVersion, skillZipAddress, useSkillActions } from "../api/skills.ts";
import { useNow } from "../lib/use-now.ts";
import { Section } from "../ui/section.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { RiskMark } from "./risk-mark.tsx";
import { broughtWords, placeOf } from "./skill-words.ts";
import { VersionDiff } from "./version-diff.tsx";

interface Props {
  detail: SkillDetail;
  /** The version that is looked at. */
  shown: string;
  onShow: (version: string) => void;
}

/** Every version: what changed in it, a look at it, and the way back to it. */
export function SkillHistory({ detail: { skill, versions }, shown, onShow }: Props) {
  const [compared, setCompared] = useState<string | null>(null);
  return (
    <Section
      title="Versions"
      intro="A new version that asks for more, or has something to look at, waits for you; any other takes over by itself."
    >
      <ul className="items" aria-label="Versions">
        {versions.map((version, index) => (
          <VersionItem
            key={version.version}
            skill={skill}
            version={version}
            before={versions[index + 1]}
            numberInUse={versions.find((one) => one.version === skill.version)?.number}
            shown={version.version === shown}
            compared={compared === version.version}
            onShow={() => onShow(version.version)}
            onCompare={() => setCompared(compared === version.version ? null : version.version)}
          />
        ))}
      </ul>
    </Section>
  );
}

interface ItemProps {
  skill: SkillDetail["skill"];
  version: SkillVersion;
  /** The one it came after. */
  before: SkillVersion | undefined;
  numberInUse: number | undefined;
  shown: boolean;
  compared: boolean;
  onShow: () => void;
  onCompare: () => void;
}

function VersionItem({ skill, version, before, numberInUse, shown, compared, onShow, onCompare }: ItemProps) {
  const { rollback } = useSkillActions();
  const attempt = useAttempt();
  const now = useNow();
  const { number } = version;
  const inUse = version.version === skill.version;
  const older = number < (numberInUse ?? number);
  const earlier = !inUse && version.version !== skill.waiting;
  return (
    <li>
      <div className="item-text">
        <b>
          Version {number}
          {placeOf(skill, version)}
        </b>
        <span>{broughtWords(now, version)}</span> <RiskMark risk={version.risk.level} />
      </div>
      {shown ? (
        <span className="tag">Shown</span>
      ) : (
        <Button variant="default" size="xs" aria-label={`Look at version ${number}`} onClick={onShow}>
          Look at it
        </Button>
      )}
      {before !== undefined && (
        <Button variant="default" size="xs" aria-expanded={compared} aria-label={`What changed in version ${number}`} onClick={onCompare}>
          What changed
        </Button>
      )}
      <Button
        component="a"
        href={skillZipAddress(skill.name, version.version)}
        download={`${skill.name}-${number}.zip`}
        variant="default"
        size="xs"
        aria-label={`Download version ${number}`}
      >
        Download
      </Button>
      {earlier && skill.state === "enabled" && (
        <Button
          variant="default"
          size="xs"
          loading={rollback.isPending}
          aria-label={older ? `Go back to version ${number}` : `Use version ${number} again`}
          onClick={() =>
            void attempt(rollback.mutateAsync({ name: skill.name, version: version.version }), () => `Version ${number} is in use again.`)
          }
        >
          {older ? "Go back to it" : "Use it again"}
        </Button>
      )}
      {compared && before !== undefined && (
        <div className="skill-compared">
          <VersionDiff name={skill.name} from={before.version} to={version.version} />
        </div>
      )}
    </li>
  );
}
