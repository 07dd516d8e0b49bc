import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { type SkillDetail, skillZipAddress } from "../api/skills.ts";
import { Icon } from "../ui/icons.tsx";
import { Allowed } from "./allowed.tsx";
import { Review } from "./review.tsx";
import { RiskMark } from "./risk-mark.tsx";
import { type OpenFile, SkillFiles } from "./skill-files.tsx";
import { SkillHistory } from "./skill-history.tsx";
import { SkillMenu } from "./skill-menu.tsx";
import { SkillUses } from "./skill-uses.tsx";
import { findingWords, originWords } from "./skill-words.ts";
import { useDisable } from "./use-disable.ts";

/** A skill that is there: what it may do or what is to be decided, its files, how it did, its versions. */
export function SkillSheet({ detail, onGone }: { detail: SkillDetail; onGone: () => void }) {
  const { skill, versions } = detail;
  /** A version that was chosen to be looked at; null: the one that waits, else the one in use. */
  const [chosen, setChosen] = useState<string | null>(null);
  const [changing, setChanging] = useState(false);
  const [open, setOpen] = useState<OpenFile | null>(null);
  const disable = useDisable();
  const top = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLDivElement>(null);
  const find = (id: string | null) => versions.find(({ version }) => version === id);
  const version = find(chosen) ?? find(skill.waiting) ?? find(skill.version);
  if (version === undefined) return <p className="nothing">None of its versions is there any more.</p>;

  const enabled = skill.state === "enabled";
  const inUse = version.version === skill.version;
  const show = (path: string, line: number) => {
    setOpen({ path, line });
    files.current?.scrollIntoView({ block: "nearest" });
  };
  const lookAt = (next: string | null) => {
    setChosen(next);
    setChanging(false);
    setOpen(null);
    top.current?.scrollIntoView({ block: "nearest" });
  };
  const found = findingWords(skill);
  return (
    <>
      <div className="doc-head file-head" ref={top}>
        <p className="doc-facts">
          <RiskMark risk={version.risk.level} />
          <span className="task-state" data-tone={enabled ? "good" : "quiet"}>
            {enabled ? "enabled" : "not enabled"}
          </span>
          <span>{originWords(skill)}</span>
          <span>version {version.number}</span>
          {found !== null && <span className={found.danger ? "auto-outside" : undefined}>{found.words}</span>}
        </p>
        <div className="row">
          {enabled && (
            <Button variant="default" loading={disable.busy} onClick={() => void disable.run(skill)}>
              Disable
            </Button>
          )}
          <Button
            component="a"
            href={skillZipAddress(skill.name, version.version)}
            download={`${skill.name}.zip`}
            variant="default"
            leftSection={<Icon name="download" size={17} />}
          >
            Download
          </Button>
          <SkillMenu skill={skill} onGone={onGone} />
        </div>
      </div>
      <p className="skill-about">{version.description}</p>
      {enabled && !inUse && (
        <p className="old-version" role="status">
          This is version {version.number}. In use is version {find(skill.version)?.number ?? "?"}.
          <button type="button" className="link-button" onClick={() => lookAt(skill.version)}>
            Look at the one in use
          </button>
        </p>
      )}
      {enabled && inUse && skill.waiting !== null && (
        <p className="old-version" role="status">
          Version {find(skill.waiting)?.number ?? "?"} waits for you.
          <button type="button" className="link-button" onClick={() => lookAt(null)}>
            Look at it
          </button>
        </p>
      )}
      {enabled && inUse && !changing ? (
        <Allowed skill={skill} version={version} onShow={show} onChange={() => setChanging(true)} />
      ) : (
        <Review
          detail={detail}
          version={version}
          onShow={show}
          onDone={() => lookAt(null)}
          {...(changing ? { onCancel: () => setChanging(false) } : {})}
        />
      )}
      <div ref={files}>
        <SkillFiles name={skill.name} version={version} open={open} onOpen={setOpen} />
      </div>
      <SkillUses skill={skill} />
      <SkillHistory detail={detail} shown={version.version} onShow={lookAt} />
    </>
  );
}
