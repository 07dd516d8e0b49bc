import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useDeletedFiles } from "../api/workspace.ts";
import { counted } from "../lib/format.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { type DeletedGroup, deletedGroups } from "./deleted-groups.ts";
import { FilesTabs } from "./files-tabs.tsx";
import { deletedWords, folderName, sizeWords } from "./file-words.ts";
import { useBringBack } from "./use-bring-back.ts";

/** What was deleted in the last 30 days, with the way back. */
export function DeletedFiles({ uploads }: { uploads: ReactNode }) {
  const query = useDeletedFiles();
  return (
    <Page title="Files" intro="What was deleted is kept for 30 days, or until its room is needed.">
      <FilesTabs here="Deleted" />
      {uploads}
      <QueryView query={query}>
        {({ files, more }) =>
          files.length === 0 ? (
            <div className="empty-page">
              <Icon name="trash" size={36} />
              <h2>Nothing was deleted</h2>
              <p>Files that you or Margay delete can be brought back here for 30 days.</p>
            </div>
          ) : (
            <>
              <ul className="docs" aria-label="Deleted files">
                {deletedGroups(files).map((group) => (
                  <GroupRows key={group.files[0]?.id} group={group} />
                ))}
              </ul>
              {more && <p className="dim">There are more, deleted earlier.</p>}
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

/** A file; or a folder, whose files come back together, or one by one where they are looked at. */
function GroupRows({ group: { path, files } }: { group: DeletedGroup }) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const [first] = files;
  if (first === undefined) return null;
  const when = deletedWords(now, first.deleted_at ?? first.updated_at);
  if (files.length === 1) return <Row name={path.slice(1)} facts={`${sizeWords(first.size)} · ${when}`} ids={[first.id]} />;
  const name = path === "/" ? folderName(path) : path.slice(1);
  const size = sizeWords(files.reduce((sum, file) => sum + file.size, 0));
  return (
    <>
      <Row
        name={name}
        facts={`${counted(files.length, "file")} · ${size} · ${when}`}
        ids={files.map(({ id }) => id)}
        more={
          <Button variant="subtle" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide files" : "Show files"}
          </Button>
        }
      />
      {open && files.map((file) => <Row key={file.id} name={file.path.slice(1)} facts={sizeWords(file.size)} ids={[file.id]} />)}
    </>
  );
}

function Row({ name, facts, ids, more }: { name: string; facts: string; ids: string[]; more?: ReactNode }) {
  const bringBack = useBringBack();
  const attempt = useAttempt();
  const [busy, setBusy] = useState(false);
  const restore = async () => {
    setBusy(true);
    await attempt(bringBack(ids), ([first, ...others]) =>
      others.length > 0 ? `${name} is back, ${counted(others.length + 1, "file")}.` : `It is back: ${first?.path.slice(1) ?? name}`,
    );
    setBusy(false);
  };
  return (
    <li className="doc">
      <div className="doc-body">
        <span className="doc-name">{name}</span>
        <p className="doc-facts">{facts}</p>
      </div>
      {more}
      <Button variant="default" size="xs" loading={busy} aria-label={`Bring back ${name}`} onClick={() => void restore()}>
        {ids.length > 1 ? "Bring all back" : "Bring back"}
      </Button>
    </li>
  );
}
