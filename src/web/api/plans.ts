import { type InfiniteData, type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ExecutionPlan, PlanPage, PlanStepView, StepPatch } from "../../plans/shapes.ts";
import { changeQueries } from "../lib/change-queries.ts";
import { del, get, patch, post, withQuery } from "./client.ts";

export type { ExecutionPlan, PlanStepView, StepPatch };
export type StepWork = PlanStepView["work"];
export type Decision = NonNullable<StepPatch["decision"]>;

const PLANS = "/api/v1/plans";
const address = (id: string): string => `${PLANS}/${encodeURIComponent(id)}`;

type Standing = Pick<ExecutionPlan, "status">;

/** Whether it has not ended: it may also wait, for the user's decision or for an answer. */
export const isOpen = ({ status }: Standing): boolean => status === "proposed" || goesOn({ status });

/** Whether it was begun and has not ended. */
export const goesOn = ({ status }: Standing): boolean => status === "running" || status === "waiting_approval";

/** While something runs it is read again this often, in milliseconds: the open connection tells sooner, but may be gone. */
const WATCH_EVERY = 3_000;

type Plans = InfiniteData<PlanPage>;

const all = (known: Plans | undefined): ExecutionPlan[] => known?.pages.flatMap((page) => page.plans) ?? [];

/** `open`: those that are proposed or go on; `ended`: the others. */
export const usePlans = (status: "open" | "ended") =>
  useInfiniteQuery({
    queryKey: ["plans", "list", status],
    queryFn: ({ pageParam, signal }) => get<PlanPage>(withQuery(PLANS, { status, limit: 30, before: pageParam ?? undefined }), signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
    refetchInterval: ({ state }) => (all(state.data).some(goesOn) ? WATCH_EVERY : false),
  });

export const usePlan = (id: string) =>
  useQuery({
    queryKey: ["plans", "one", id],
    queryFn: ({ signal }) => get<ExecutionPlan>(address(id), signal),
    refetchInterval: ({ state }) => (state.data && goesOn(state.data) ? WATCH_EVERY : false),
  });

/** Shows a plan as the server last told of it, wherever it is shown. */
export function takePlan(queries: QueryClient, plan: ExecutionPlan): void {
  let listed = false;
  changeQueries<Plans>(queries, ["plans", "list"], (known) => {
    if (!known || !all(known).some((item) => item.id === plan.id && isOpen(item) === isOpen(plan))) return undefined;
    listed = true;
    return {
      ...known,
      pages: known.pages.map((page) => ({ ...page, plans: page.plans.map((item) => (item.id === plan.id ? plan : item)) })),
    };
  });
  // A new one belongs in a list, one that ended in another.
  if (!listed) void queries.invalidateQueries({ queryKey: ["plans", "list"] });
  changeQueries<ExecutionPlan>(queries, ["plans", "one", plan.id], (known) => known && plan);
}

/** Everything that changes a plan, with what is shown read anew after each change. */
export function usePlanActions() {
  const queries = useQueryClient();
  const onSuccess = (plan: ExecutionPlan) => takePlan(queries, plan);
  const onSettled = () => Promise.all(["plans", "audit", "stats"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const change = useMutation({
    mutationFn: ({ id, step, fields }: { id: string; step: string; fields: StepPatch }) =>
      patch<ExecutionPlan>(`${address(id)}/steps/${encodeURIComponent(step)}`, fields),
    onSuccess,
    onSettled,
  });
  const run = useMutation({
    mutationFn: ({ plan: { id, revision }, approveRest }: { plan: Pick<ExecutionPlan, "id" | "revision">; approveRest: boolean }) =>
      post<ExecutionPlan>(`${address(id)}/run`, { approve_rest: approveRest, revision }),
    onSuccess,
    onSettled,
  });
  const cancel = useMutation({ mutationFn: (id: string) => post<ExecutionPlan>(`${address(id)}/cancel`), onSuccess, onSettled });
  const retry = useMutation({ mutationFn: (id: string) => post<ExecutionPlan>(`${address(id)}/retry`), onSuccess, onSettled });
  const remove = useMutation({
    mutationFn: (id: string) => del(address(id)),
    onSuccess: (_, id) => queries.removeQueries({ queryKey: ["plans", "one", id] }),
    onSettled: () => Promise.all(["plans", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name, "list"] }))),
  });
  return { change, run, cancel, retry, remove };
}
