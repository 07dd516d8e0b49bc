import { useEffect, useId, useRef } from "react";
import { type SkillFile, skillFileAddress, type SkillVersion, useSkillFile } from "../api/skills.ts";
import { bytes } from "../lib/format.ts";
import { visibleText } from "../lib/visible-text.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";

/** The file that is open, and the line that is meant; 0: none. */
export interface OpenFile {
  path: string;
  line: number;
}

interface Props {
  name: string;
  version: SkillVersion;
  open: OpenFile | null;
  onOpen: (file: OpenFile | null) => void;
}

const KINDS: Readonly<Record<SkillFile["kind"], string>> = {
  instructions: "instructions",
  script: "program",
  reference: "text",
  asset: "other",
};
const RUNS: Readonly<Record<NonNullable<SkillFile["runs"]>, string>> = {
  javascript: "JavaScript",
  python: "Python, where there is a Linux",
  shell: "shell, where there is a Linux",
};

/** What is in a version: every file, and on demand its text. */
export function SkillFiles({ name, version, open, onOpen }: Props) {
  return (
    <Section title="Files">
      <ul className="skill-files">
        {version.files.map((file) => (
          <FileItem
            key={file.path}
            file={file}
            name={name}
            version={version.version}
            open={open?.path === file.path ? open : null}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </Section>
  );
}

interface ItemProps {
  file: SkillFile;
  name: string;
  version: string;
  open: OpenFile | null;
  onOpen: Props["onOpen"];
}

function FileItem({ file, name, version, open, onOpen }: ItemProps) {
  const id = useId();
  const { path, kind, size, text, runs } = file;
  return (
    <li>
      <button
        type="button"
        className="skill-file"
        aria-expanded={open !== null}
        aria-controls={id}
        onClick={() => onOpen(open === null ? { path, line: 0 } : null)}
      >
        <Icon name={kind === "script" ? "code" : "file"} size={17} />
        <span className="skill-file-name">{visibleText(path)}</span>
        <span className="dim">
          {kind === "script" && runs !== null ? RUNS[runs] : kind === "script" ? "program that cannot run here" : KINDS[kind]} ·{" "}
          {bytes(size)}
        </span>
        <Icon name="down" size={16} />
      </button>
      <div id={id}>
        {open !== null &&
          (text ? (
            <FileText name={name} version={version} path={path} line={open.line} />
          ) : (
            <p className="dim">
              It is no text. <a href={skillFileAddress(name, version, path)}>Download it</a> to look at it.
            </p>
          ))}
      </div>
    </li>
  );
}

function FileText({ name, version, path, line }: { name: string; version: string; path: string; line: number }) {
  const query = useSkillFile(name, version, path);
  return (
    <QueryView query={query} lines={1}>
      {({ text, cut }) => (
        <div className="file-preview">
          <Text path={path} text={text ?? ""} line={line} />
          {cut && (
            <p className="dim">
              This is the beginning. <a href={skillFileAddress(name, version, path)}>Download the file</a> for all of it.
            </p>
          )}
        </div>
      )}
    </QueryView>
  );
}

/** The text as it is, with everything hidden in it written out; the line that is meant stands out. */
function Text({ path, text, line }: { path: string; text: string; line: number }) {
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: "center" });
  }, [line, text]);
  const lines = text.split("\n");
  const meant = line > 0 ? lines[line - 1] : undefined;
  return (
    // It scrolls, so it can be reached by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="plain" tabIndex={0} role="region" aria-label={`What is in ${path}`}>
      {meant === undefined ? (
        visibleText(text)
      ) : (
        <>
          {visibleText(lines.slice(0, line - 1).join("\n"))}
          {line > 1 && "\n"}
          <mark ref={mark}>{visibleText(meant) || " "}</mark>
          {"\n"}
          {visibleText(lines.slice(line).join("\n"))}
        </>
      )}
    </pre>
  );
}
