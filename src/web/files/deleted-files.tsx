import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useDeletedFiles, useFileActions } from "../api/workspace.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { FilesTabs } from "./files-tabs.tsx";
import { deletedWords, sizeWords } from "./file-words.ts";

/** What was deleted in the last 30 days, with the way back. */
export function DeletedFiles({ uploads }: { uploads: ReactNode }) {
  const query = useDeletedFiles();
  const { restore } = useFileActions();
  const attempt = useAttempt();
  const now = useNow();
  const [busy, setBusy] = useState<string | null>(null);
  const bringBack = async (id: string) => {
    setBusy(id);
    await attempt(restore.mutateAsync({ id }), (file) => `It is back: ${file.path.slice(1)}`);
    setBusy(null);
  };
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
                {files.map((file) => (
                  <li key={file.id} className="doc">
                    <div className="doc-body">
                      <span className="doc-name">{file.path.slice(1)}</span>
                      <p className="doc-facts">
                        {sizeWords(file.size)} · {deletedWords(now, file.deleted_at ?? file.updated_at)}
                      </p>
                    </div>
                    <Button
                      variant="default"
                      size="xs"
                      loading={busy === file.id}
                      aria-label={`Bring back ${file.path.slice(1)}`}
                      onClick={() => void bringBack(file.id)}
                    >
                      Bring back
                    </Button>
                  </li>
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
