import { Modal } from "@mantine/core";
import { Link } from "wouter";
import { useSkill } from "../api/skills.ts";
import { QueryView } from "../ui/query-view.tsx";
import { EnableForm } from "./enable-form.tsx";
import { FindingList } from "./finding-list.tsx";
import { skillHref } from "./skill-places.ts";
import { titleOf } from "./skill-words.ts";

/** Asks what a skill that is known may do, before it is switched on. Rendered while it is open. */
export function EnableDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const query = useSkill(name);
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={query.data ? `Enable ${titleOf(query.data.skill)}?` : "Enable this skill?"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <QueryView query={query}>
        {({ skill, versions }) => {
          const version = versions.find((one) => one.version === skill.version);
          if (version === undefined) return <p className="error">That version is not there any more.</p>;
          return (
            <div className="stack">
              <p>{version.description}</p>
              <FindingList findings={version.findings.filter(({ severity }) => severity !== "info")} />
              <EnableForm skill={skill} version={version} onDone={onClose} back={{ label: "Cancel", run: onClose }} />
              <p className="dim">
                <Link href={skillHref(name)}>Look at its files first</Link>
              </p>
            </div>
          );
        }}
      </QueryView>
    </Modal>
  );
}
