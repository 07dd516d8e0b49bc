import { type FileView, useFileActions } from "../api/workspace.ts";

/** How many come back at a time. */
const TOGETHER = 4;

/** Brings deleted files back. Resolves with them as they are then; rejects with the first ApiError. */
export function useBringBack(): (ids: readonly string[]) => Promise<FileView[]> {
  const { restore } = useFileActions();
  return async (ids) => {
    const left = [...ids];
    const files: FileView[] = [];
    const lane = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        // Each is a change of its own.
        // eslint-disable-next-line no-await-in-loop
        files.push(await restore.mutateAsync({ id }));
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, lane));
    return files;
  };
}
