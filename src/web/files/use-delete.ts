import { sayError } from "../api/api-error.ts";
import { useFileActions } from "../api/workspace.ts";
import { counted } from "../lib/format.ts";
import { useAttempt } from "../ui/use-attempt.ts";
import { useToast } from "../ui/toast.tsx";
import { useBringBack } from "./use-bring-back.ts";

/** Deletes a file, or a folder with all in it, and offers to take that back. Resolves with whether it went. */
export function useDelete(): (path: string, name: string) => Promise<boolean> {
  const { remove } = useFileActions();
  const bringBack = useBringBack();
  const toast = useToast();
  const attempt = useAttempt();
  return async (path, name) => {
    try {
      const ids = (await remove.mutateAsync(path)).map(({ id }) => id);
      toast(ids.length > 1 ? `Deleted: ${name}, ${counted(ids.length, "file")}` : `Deleted: ${name}`, {
        action: { label: "Undo", run: () => void attempt(bringBack(ids), () => `${name} is back.`) },
      });
      return true;
    } catch (error) {
      toast(sayError(error), { tone: "error" });
      return false;
    }
  };
}
