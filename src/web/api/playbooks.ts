import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ExecutionPlan, PlaybookFromPlan, PlaybookInput, PlaybookPatch, PlaybookView } from "../../plans/shapes.ts";
import { del, get, patch, post } from "./client.ts";
import { takePlan } from "./plans.ts";

export type { PlaybookFromPlan, PlaybookInput, PlaybookPatch, PlaybookView };
export type Variable = PlaybookView["variables"][number];

const PLAYBOOKS = "/api/v1/plans/playbook";
const address = (name: string): string => `${PLAYBOOKS}/${encodeURIComponent(name)}`;

export const usePlaybooks = (enabled = true) =>
  useQuery({
    queryKey: ["playbooks"],
    enabled,
    queryFn: async ({ signal }) => (await get<{ playbooks: PlaybookView[] }>(PLAYBOOKS, signal)).playbooks,
    staleTime: 15_000,
  });

/** Everything that changes playbooks or begins one, with what is shown read anew after each change. */
export function usePlaybookActions() {
  const queries = useQueryClient();
  const onSettled = () => Promise.all(["playbooks", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const add = useMutation({
    mutationFn: (input: PlaybookInput | PlaybookFromPlan) => post<PlaybookView>(PLAYBOOKS, input),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ name, fields }: { name: string; fields: PlaybookPatch }) => patch<PlaybookView>(address(name), fields),
    onSettled,
  });
  const remove = useMutation({ mutationFn: (name: string) => del(address(name)), onSettled });
  const run = useMutation({
    mutationFn: ({ name, variables }: { name: string; variables: Record<string, string> }) =>
      post<ExecutionPlan>(`${address(name)}/run`, { variables }),
    onSuccess: (plan) => takePlan(queries, plan),
    onSettled,
  });
  return { add, change, remove, run };
}
