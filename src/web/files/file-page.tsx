import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { folderOf, nameOf } from "../../workspace/path.ts";
import { ApiError } from "../api/api-error.ts";
import { useFile, useFileActions } from "../api/workspace.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { fileHref, folderHref } from "./file-places.ts";
import { FileSheet } from "./file-sheet.tsx";
import { folderName } from "./file-words.ts";
import { MissingFile } from "./missing-file.tsx";

/** One file: what is in it, its versions, and the links to it. */
export function FilePage({ path, uploads }: { path: string; uploads: ReactNode }) {
  const queries = useQueryClient();
  const query = useFile(path);
  const [, navigate] = useLocation();
  const { restore } = useFileActions();
  const attempt = useAttempt();
  const file = query.data;
  const folder = folderHref(folderOf(path));
  // Renamed here, or moved by the agent meanwhile: it is followed.
  const now = file !== undefined && file.deleted_at === null ? file.path : path;
  useEffect(() => {
    if (now === path) return;
    navigate(fileHref(now), { replace: true });
    queries.removeQueries({ queryKey: ["files", "file", path] });
  }, [now, path, navigate, queries]);
  const missing = file === undefined && query.error instanceof ApiError && query.error.status === 404;
  const deleted = file !== undefined && file.deleted_at !== null;
  return (
    <Page title={file?.name ?? nameOf(path)}>
      <Link href={folder} className="back">
        <Icon name="back" size={16} /> {folderName(folderOf(path))}
      </Link>
      {uploads}
      {missing && <MissingFile path={path} message={query.error?.message ?? ""} />}
      {deleted && (
        <div className="empty-page">
          <p>This file was deleted. For 30 days it can be brought back.</p>
          <Button
            variant="default"
            loading={restore.isPending}
            onClick={() => void attempt(restore.mutateAsync({ id: file.id }), (back) => `It is back: ${back.path.slice(1)}`)}
          >
            Bring back
          </Button>
        </div>
      )}
      {!missing && !deleted && (
        <QueryView query={query} lines={1}>
          {(one) => <FileSheet file={one} onDeleted={() => navigate(folder)} />}
        </QueryView>
      )}
    </Page>
  );
}
