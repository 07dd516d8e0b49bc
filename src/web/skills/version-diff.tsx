import { type SkillComparison, useSkillComparison } from "../api/skills.ts";
import { counted } from "../lib/format.ts";
import { lineDiff } from "../../skills/line-diff.ts";
import { visibleText } from "../lib/visible-text.ts";
import { QueryView } from "../ui/query-view.tsx";

const CHANGES = { added: "new", changed: "changed", removed: "gone" } as const;

/** What differs between two versions, file by file, line by line. */
export function VersionDiff({ name, from, to }: { name: string; from: string; to: string }) {
  const query = useSkillComparison(name, from, to);
  return (
    <QueryView query={query} lines={1}>
      {({ files }) =>
        files.length === 0 ? (
          <p className="dim">The files are the same.</p>
        ) : (
          <div className="skill-diffs">
            {files.map((file) => (
              <FileDiff key={file.path} file={file} open={files.length <= 5} />
            ))}
          </div>
        )
      }
    </QueryView>
  );
}

function FileDiff({ file, open }: { file: SkillComparison["files"][number]; open: boolean }) {
  const { path, change, before, after } = file;
  const lines = before === null && after === null ? null : lineDiff(before ?? "", after ?? "");
  const count = (kind: "added" | "removed") => lines?.filter((line) => line.kind === kind).length ?? 0;
  return (
    <details className="skill-diff" open={open}>
      <summary>
        <b>{path}</b> {CHANGES[change]}
        {lines !== null && (
          <span>
            {counted(count("added"), "line")} added, {count("removed")} removed
          </span>
        )}
      </summary>
      {lines === null ? (
        <p className="dim">It is no text, so its lines cannot be compared.</p>
      ) : (
        // It scrolls, so it can be reached by keys.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre tabIndex={0} role="region" aria-label={`Changes in ${path}`}>
          {lines.map((line, index) =>
            line.kind === "gap" ? (
              <span key={index} className="diff-gap">
                {counted(line.lines, "line")} the same
              </span>
            ) : (
              <span key={index} className="diff-line" data-kind={line.kind}>
                <span className="diff-sign">{line.kind === "added" ? "+" : line.kind === "removed" ? "−" : " "}</span>
                {visibleText(line.text)}
                {"\n"}
              </span>
            ),
          )}
        </pre>
      )}
    </details>
  );
}
