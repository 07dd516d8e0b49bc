import { Button } from "@mantine/core";
import { useEffect } from "react";
import { Link, useLocation } from "wouter";
import { folderOf } from "../../workspace/path.ts";
import { useListing } from "../api/workspace.ts";
import { folderHref } from "./file-places.ts";

/** Where there is no file: what the server says of it; a folder, as an answer may have named it, is opened. */
export function MissingFile({ path, message }: { path: string; message: string }) {
  const { data } = useListing({ path, limit: 1 });
  const [, navigate] = useLocation();
  const isFolder = data !== undefined && data.path === path && data.files.length + data.folders.length > 0;
  useEffect(() => {
    if (isFolder) navigate(folderHref(path), { replace: true });
  }, [isFolder, navigate, path]);
  if (isFolder) return null;
  return (
    <div className="empty-page">
      <p>{message}</p>
      <Button component={Link} href={folderHref(folderOf(path))} variant="default">
        To the folder
      </Button>
    </div>
  );
}
