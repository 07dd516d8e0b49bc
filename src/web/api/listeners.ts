import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  FiringPage,
  FiringView,
  ListenerInput,
  ListenerMade,
  ListenerPatch,
  ListenerView,
  TestInput,
  TestResult,
} from "../../events/shapes.ts";
import { del, get, patch, post, withQuery } from "./client.ts";

export type { FiringView, ListenerMade, ListenerPatch, ListenerView, TestResult };
export type ListenerSource = ListenerView["source"];
export type ListenerWhen = ListenerView["when"];
export type ListenerAction = ListenerView["action"];
export type Condition = ListenerWhen["fields"][number];
export type HookScheme = Extract<ListenerSource, { kind: "hook" }>["scheme"];

/** What is made here; the rest has defaults. */
export type NewListener = Pick<ListenerInput, "source" | "when" | "action"> & Partial<ListenerInput>;

const LISTENERS = "/api/v1/listeners";
const address = (id: string): string => `${LISTENERS}/${encodeURIComponent(id)}`;

/** While the page is looked at, what came is read again this often, milliseconds. */
const WATCH_EVERY = 15_000;

export const useListeners = () =>
  useQuery({
    queryKey: ["listeners", "list"],
    queryFn: async ({ signal }) => (await get<{ listeners: ListenerView[] }>(LISTENERS, signal)).listeners,
    refetchInterval: WATCH_EVERY,
  });

export const useFirings = (id: string) =>
  useInfiniteQuery({
    queryKey: ["listeners", "firings", id],
    queryFn: ({ pageParam, signal }) =>
      get<FiringPage>(withQuery(`${address(id)}/firings`, { limit: 20, before: pageParam ?? undefined }), signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
    refetchInterval: WATCH_EVERY,
  });

/** Everything that changes listeners, with what is shown read anew after each change. */
export function useListenerActions() {
  const queries = useQueryClient();
  const reread = () => Promise.all(["listeners", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const add = useMutation({ mutationFn: (input: NewListener) => post<ListenerMade>(LISTENERS, input), onSettled: reread });
  const change = useMutation({
    mutationFn: ({ id, fields }: { id: string; fields: ListenerPatch }) => patch<ListenerView>(address(id), fields),
    onSettled: reread,
  });
  const remove = useMutation({ mutationFn: (id: string) => del(address(id)), onSettled: reread });
  const rotate = useMutation({
    mutationFn: ({ id, secret }: { id: string; secret: string | null }) =>
      post<ListenerMade>(`${address(id)}/secret`, secret === null ? {} : { secret }),
    onSettled: reread,
  });
  const test = useMutation({
    mutationFn: ({ id, input }: { id: string; input: Partial<TestInput> }) => post<TestResult>(`${address(id)}/test`, input),
    onSettled: reread,
  });
  return { add, change, remove, rotate, test };
}
