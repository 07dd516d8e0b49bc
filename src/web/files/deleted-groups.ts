import { folderOf, isWithin } from "../../workspace/path.ts";
import type { FileView } from "../api/workspace.ts";

/** What went at once: a file, or a folder with all that was in it. */
export interface DeletedGroup {
  /** The file, or the folder that all of them were in. */
  path: string;
  files: FileView[];
}

/** Deleted files by what they were deleted with, in their order. */
export function deletedGroups(files: readonly FileView[]): DeletedGroup[] {
  return [...Map.groupBy(files, (file) => file.deleted_at).values()].map((group) => ({
    path: group.length === 1 ? (group[0]?.path ?? "/") : commonFolder(group),
    files: group,
  }));
}

function commonFolder(files: readonly FileView[]): string {
  let folder = folderOf(files[0]?.path ?? "/");
  for (const { path } of files) while (!isWithin(path, folder)) folder = folderOf(folder);
  return folder;
}
