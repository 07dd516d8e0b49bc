import { type InfiniteData, type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  ProfileInput,
  ProfileList,
  ProfilePatch,
  ProfileView,
  TaskCallView,
  TaskDetail,
  TaskInput,
  TaskPage,
  TaskStepView,
  TaskView,
} from "../../tasks/shapes.ts";
import { changeQueries } from "../lib/change-queries.ts";
import { del, get, patch, post, withQuery } from "./client.ts";

export type { ProfileList, ProfilePatch, ProfileView, TaskCallView, TaskDetail, TaskStepView, TaskView };

/** What is begun here; the rest has defaults. */
export type NewTask = Pick<TaskInput, "input" | "profile"> & Partial<TaskInput>;
export type NewProfile = Pick<ProfileInput, "name" | "purpose" | "prompt" | "tier" | "tools" | "limits">;

const TASKS = "/api/v1/tasks";
const address = (id: string): string => `${TASKS}/${encodeURIComponent(id)}`;

/** Whether it still goes on: it may also wait, for room or for an answer. */
export const isOpen = ({ status }: Pick<TaskView, "status">): boolean =>
  status === "queued" || status === "running" || status === "waiting_approval";

/** While something runs it is read again this often, in milliseconds: the open connection tells sooner, but may be gone. */
const WATCH_EVERY = 3_000;

type Tasks = InfiniteData<TaskPage>;

const all = (known: Tasks | undefined): TaskView[] => known?.pages.flatMap((page) => page.tasks) ?? [];

/** `open`: those that go on; `ended`: the others. */
export const useTasks = (status: "open" | "ended") =>
  useInfiniteQuery({
    queryKey: ["tasks", "list", status],
    queryFn: ({ pageParam, signal }) => get<TaskPage>(withQuery(TASKS, { status, limit: 30, before: pageParam ?? undefined }), signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
    refetchInterval: ({ state }) => (all(state.data).some(isOpen) ? WATCH_EVERY : false),
  });

export const useTask = (id: string) =>
  useQuery({
    queryKey: ["tasks", "one", id],
    queryFn: ({ signal }) => get<TaskDetail>(address(id), signal),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? WATCH_EVERY : false),
  });

/** Shows a task as the server last told of it, wherever it is shown. */
export function takeTask(queries: QueryClient, task: TaskView): void {
  let listed = false;
  changeQueries<Tasks>(queries, ["tasks", "list"], (known) => {
    if (!known || !all(known).some(({ id, status }) => id === task.id && isOpen({ status }) === isOpen(task))) return undefined;
    listed = true;
    return {
      ...known,
      pages: known.pages.map((page) => ({ ...page, tasks: page.tasks.map((item) => (item.id === task.id ? task : item)) })),
    };
  });
  // A new one belongs in a list, one that ended in another.
  if (!listed) void queries.invalidateQueries({ queryKey: ["tasks", "list"] });
  // Frames do not tell the steps.
  void queries.invalidateQueries({ queryKey: ["tasks", "one", task.id] });
}

export function useTaskActions() {
  const queries = useQueryClient();
  const reread = () => Promise.all(["tasks", "audit", "stats"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const start = useMutation({ mutationFn: (input: NewTask) => post<TaskView>(TASKS, { ...input, wait_ms: 0 }), onSettled: reread });
  const cancel = useMutation({ mutationFn: (id: string) => post<TaskView>(`${address(id)}/cancel`), onSettled: reread });
  return { start, cancel };
}

const PROFILES = "/api/v1/profiles";

export const useProfiles = () =>
  useQuery({ queryKey: ["profiles"], queryFn: ({ signal }) => get<ProfileList>(PROFILES, signal), staleTime: 60_000 });

export function useProfileActions() {
  const queries = useQueryClient();
  const reread = () => Promise.all(["profiles", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const at = (name: string) => `${PROFILES}/${encodeURIComponent(name)}`;
  const add = useMutation({ mutationFn: (input: NewProfile) => post<ProfileView>(PROFILES, input), onSettled: reread });
  const change = useMutation({
    mutationFn: ({ name, fields }: { name: string; fields: ProfilePatch }) => patch<ProfileView>(at(name), fields),
    onSettled: reread,
  });
  const remove = useMutation({ mutationFn: (name: string) => del(at(name)), onSettled: reread });
  return { add, change, remove };
}
