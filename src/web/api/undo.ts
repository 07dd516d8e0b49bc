import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "./client.ts";

/** A change that can be taken back. */
export interface UndoableView {
  /** Of the call that made it: `<turn>:<call>`. */
  id: string;
  tool: string;
  summary: string;
  /** UTC milliseconds. */
  at: number;
}

/** What can be taken back, newest first. */
export const useUndoable = () =>
  useQuery({ queryKey: ["undo"], queryFn: async () => (await get<{ changes: UndoableView[] }>("/api/v1/undo")).changes });

export function useUndo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<UndoableView & { result: string }>("/api/v1/undo", { id }),
    onSettled: () =>
      Promise.all(
        ["undo", "audit", "todos", "schedules", "listeners", "plans", "playbooks", "settings", "versions", "tasks"].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
  });
}
