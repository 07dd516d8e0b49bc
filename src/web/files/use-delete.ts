import { sayError } from "../api/api-error.ts";
import { useFileActions } from "../api/workspace.ts";
import { counted } from "../lib/format.ts";
import { useAttempt } from "../ui/use-attempt.ts";
import { useToast } from "../ui/toast.tsx";

/** More than so many are not brought back by one press. */
const UNDONE_AT_ONCE = 100;

/** Deletes a file, or a folder with all in it, and offers to take that back. Resolves with whether it went. */
export function useDelete(): (path: string, name: string) => Promise<boolean> {
  const { remove, restore } = useFileActions();
  const toast = useToast();
  const attempt = useAttempt();
  return async (path, name) => {
    try {
      const files = await remove.mutateAsync(path);
      const bringBack = async () => {
        for (const { id } of files) {
          // One after the other: each is a change of its own.
          // eslint-disable-next-line no-await-in-loop
          await restore.mutateAsync({ id });
        }
        return files.length;
      };
      if (files.length > UNDONE_AT_ONCE) toast(`Deleted: ${name}, ${files.length} files. For 30 days they are under Deleted.`);
      else
        toast(files.length > 1 ? `Deleted: ${name}, ${counted(files.length, "file")}` : `Deleted: ${name}`, {
          action: { label: "Undo", run: () => void attempt(bringBack(), () => `${name} is back.`) },
        });
      return true;
    } catch (error) {
      toast(sayError(error), { tone: "error" });
      return false;
    }
  };
}
