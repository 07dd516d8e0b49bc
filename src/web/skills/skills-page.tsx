import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { type Skill, useSkills } from "../api/skills.ts";
import { droppedFiles } from "../lib/dropped-files.ts";
import { DropZone } from "../ui/drop-zone.tsx";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { AddSkill } from "./add-skill.tsx";
import { withWay } from "./arrival.ts";
import { EnableDialog } from "./enable-dialog.tsx";
import { ImprovementSection } from "./improvement-section.tsx";
import { skillHref } from "./skill-places.ts";
import { SkillRow } from "./skill-row.tsx";
import { waits } from "./skill-words.ts";
import { UninstalledSkills } from "./uninstalled-skills.tsx";

/** Folders that programs put beside files: nobody means them, and they can hold very many. */
const BESIDE: ReadonlySet<string> = new Set([".git", "node_modules", "__MACOSX"]);

/** What Margay knows how to do well: what waits for a decision, what is enabled, what could be, and the way to more. */
export default function SkillsPage() {
  const query = useSkills();
  /** Null: nothing is being added; else what was dropped. */
  const [adding, setAdding] = useState<File[] | null>(null);
  const [enabling, setEnabling] = useState<string | null>(null);
  const begin = useRef<HTMLButtonElement>(null);
  const [, navigate] = useLocation();
  const addDropped = (dropped: DataTransfer) => {
    const files = [...dropped.files];
    // What cannot be read of a folder is told as what it is: no skill.
    void droppedFiles(dropped, BESIDE).then(
      (picked) => setAdding(picked.map(withWay)),
      () => setAdding(files),
    );
  };
  return (
    <DropZone label="Drop a skill: its zip, its folder, or its SKILL.md" onDrop={addDropped}>
      <Page
        title="Skills"
        intro="A skill tells Margay how to do one thing well, and may bring programs for it. The programs can do only what you allow them when you enable it."
      >
        <div className="add-documents">
          <div className="row">
            <Button ref={begin} leftSection={<Icon name="plus" size={17} />} onClick={() => setAdding([])}>
              Add a skill
            </Button>
            <span className="dim add-drop">or drop a zip or a folder anywhere here</span>
          </div>
        </div>
        <QueryView query={query}>
          {(skills) => <Groups skills={skills} onEnable={setEnabling} onGone={() => begin.current?.focus()} />}
        </QueryView>
        <div className="skill-improvements">
          <ImprovementSection />
        </div>
      </Page>
      {adding !== null && (
        <AddSkill
          dropped={adding}
          onAdded={(skill) => {
            setAdding(null);
            navigate(skillHref(skill.name));
          }}
          onClose={() => setAdding(null)}
        />
      )}
      {enabling !== null && <EnableDialog name={enabling} onClose={() => setEnabling(null)} />}
    </DropZone>
  );
}

interface GroupsProps {
  skills: readonly Skill[];
  onEnable: (name: string) => void;
  onGone: () => void;
}

const GROUPS: readonly { title: string; belongs: (skill: Skill) => boolean }[] = [
  { title: "Waiting for you", belongs: waits },
  { title: "Enabled", belongs: (skill) => !waits(skill) && skill.state === "enabled" },
  { title: "Not enabled", belongs: (skill) => !waits(skill) && (skill.state === "new" || skill.state === "disabled") },
];

function Groups({ skills, onEnable, onGone }: GroupsProps) {
  const gone = skills.filter(({ state }) => state === "uninstalled");
  return (
    <>
      {skills.length === gone.length && <NoSkills />}
      {GROUPS.map(({ title, belongs }) => {
        const list = skills.filter(belongs);
        if (list.length === 0) return null;
        return (
          <section key={title} aria-label={title}>
            <h2 className="group">
              {title} <span>{list.length}</span>
            </h2>
            <ul className="auto-list">
              {list.map((skill) => (
                <SkillRow key={skill.name} skill={skill} onEnable={() => onEnable(skill.name)} onGone={onGone} />
              ))}
            </ul>
          </section>
        );
      })}
      {gone.length > 0 && <UninstalledSkills skills={gone} />}
    </>
  );
}

function NoSkills() {
  return (
    <div className="empty-page empty-drop">
      <Icon name="spark" size={36} />
      <h2>There are no skills</h2>
      <p>
        Add one that somebody shares as a folder with a SKILL.md, as thousands on GitHub are; or write down yourself how something is to be
        done. Whatever it is, it does nothing until you have looked at it and enabled it.
      </p>
    </div>
  );
}
