import { useCallback } from "react";
import { sayError } from "../api/api-error.ts";
import { useToast } from "./toast.tsx";

/**
 * Tells how something ended, also when the control that began it is gone by then, as a row is whose change moved it elsewhere. (The query library
 * forgets callbacks of what is not drawn any more.)
 */
export function useAttempt(): <T>(work: Promise<T>, done: (result: T) => string) => Promise<void> {
  const toast = useToast();
  return useCallback(
    async (work, done) => {
      try {
        toast(done(await work));
      } catch (error) {
        toast(sayError(error), { tone: "error" });
      }
    },
    [toast],
  );
}
