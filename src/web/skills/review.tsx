import { type SkillDetail, type SkillVersion, useSkillActions } from "../api/skills.ts";
import { sentence } from "../lib/format.ts";
import { Section } from "../ui/section.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { EnableForm } from "./enable-form.tsx";
import { FindingList } from "./finding-list.tsx";
import { RiskMark } from "./risk-mark.tsx";
import { RISKS, sourceWords } from "./skill-words.ts";
import { VersionDiff } from "./version-diff.tsx";

interface Props {
  detail: SkillDetail;
  /** What is looked at. */
  version: SkillVersion;
  onShow: (file: string, line: number) => void;
  onDone: () => void;
  onCancel?: () => void;
}

/** Everything there is to know before a version is enabled, and the decision at its end. */
export function Review({ detail, version, onShow, onDone, onCancel }: Props) {
  const { skill, more_explained: more } = detail;
  const { rollback } = useSkillActions();
  const attempt = useAttempt();
  const { explanation, risk, findings, warnings } = version;
  const changes = skill.state === "enabled" && version.version !== skill.version;
  const waiting = changes && version.version === skill.waiting;
  const title = waiting ? `Version ${version.number} waits for you` : changes ? `Use version ${version.number}?` : "Before you enable it";
  const inUse = detail.versions.find((one) => one.version === skill.version)?.number ?? "?";
  // Going back to the version in use is what lets the one that waits go.
  const keep = () => attempt(rollback.mutateAsync({ name: skill.name, version: skill.version }), () => `Version ${inUse} stays in use.`);
  const back = onCancel
    ? { label: "Cancel", run: onCancel }
    : waiting
      ? { label: `Keep version ${inUse}`, run: () => void keep().then(onDone) }
      : undefined;
  return (
    <Section title={skill.state === "enabled" && !changes ? "What it may do" : title}>
      {waiting && (
        <div className="skill-more">
          <p>
            {more.length === 0
              ? "It asks for nothing new, but there is something to look at in it. Until you decide, the version in use goes on."
              : "It wants more than the version in use has. Until you decide, that one goes on."}
          </p>
          {more.length > 0 && <Sentences list={more} />}
        </div>
      )}
      {changes && <VersionDiff name={skill.name} from={skill.version} to={version.version} />}
      <h3>What it will be able to do</h3>
      <Sentences list={explanation} />
      <h3>
        How much could go wrong <RiskMark risk={risk.level} />
      </h3>
      {risk.reasons.length === 0 ? (
        <p className="dim">{RISKS[risk.level].words}</p>
      ) : (
        <Sentences list={risk.reasons.map(({ text }) => text)} />
      )}
      <h3>What was found in its files</h3>
      {findings.length === 0 ? <p className="dim">Nothing that looks wrong.</p> : <FindingList findings={findings} onShow={onShow} />}
      {warnings.length > 0 && (
        <>
          <h3>How it is written</h3>
          <Sentences list={warnings} />
        </>
      )}
      <h3>Where it is from</h3>
      <p className="skill-source">
        {sentence(sourceWords(version))}
        {version.license !== null && `, license ${version.license}`}
        {version.origin === "agent" && version.tainted && ". It was written where content from outside was read."}
      </p>
      {version.compatibility !== null && <p className="dim">It says it needs: {version.compatibility}</p>}
      <h3>Your decision</h3>
      <EnableForm key={version.version} skill={skill} version={version} onDone={onDone} back={back} />
    </Section>
  );
}

function Sentences({ list }: { list: readonly string[] }) {
  return (
    <ul className="skill-sentences">
      {list.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
