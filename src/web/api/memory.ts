import { type InfiniteData, keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Forgotten, MemoryInput, MemoryKind, MemoryPage, MemoryPatch, MemoryStatus, MemoryView } from "../../memory/shapes.ts";
import { del, get, patch, post, withQuery } from "./client.ts";
import { usePatchSettings } from "./settings.ts";

export type { Forgotten, MemoryKind, MemoryPage, MemoryPatch, MemoryStatus, MemoryView };

/** What is added by hand; the rest has defaults. */
export type NewMemory = Pick<MemoryInput, "text" | "kind"> & Partial<MemoryInput>;

export interface MemoryFilter {
  /** Plain words; absent: newest first. */
  search?: string | undefined;
  kind?: MemoryKind | undefined;
  state: "current" | "past";
  limit: number;
}

const address = (id: string): string => `/api/v1/memory/${encodeURIComponent(id)}`;

export const useMemories = (filter: MemoryFilter) =>
  useInfiniteQuery({
    queryKey: ["memory", "list", filter],
    queryFn: ({ pageParam, signal }) => get<MemoryPage>(withQuery("/api/v1/memory", { ...filter, cursor: pageParam ?? undefined }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // While one types, what was found before stays until the new is there.
    placeholderData: keepPreviousData,
  });

export const useMemory = (id: string) =>
  useQuery({ queryKey: ["memory", "one", id], queryFn: ({ signal }) => get<MemoryView>(address(id), signal) });

/** While not everything is embedded this is read again and again, so that the page shows it going on. */
const WATCH_EVERY = 4_000;

export const isEmbedding = ({ index }: MemoryStatus): boolean => index.embedded < index.entries;

export const useMemoryStatus = () =>
  useQuery({
    queryKey: ["memory", "status"],
    queryFn: ({ signal }) => get<MemoryStatus>("/api/v1/memory/status", signal),
    refetchInterval: ({ state }) => (state.data && (isEmbedding(state.data) || state.data.unsaved > 0) ? WATCH_EVERY : false),
  });

export const EXPORT_PATH = "/api/v1/memory/export";

/** Everything that changes what is remembered, with what is shown read anew after each change. */
export function useMemoryActions() {
  const queries = useQueryClient();
  const reread = () => Promise.all(["memory", "audit", "undo"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const lists = (change: (list: MemoryView[]) => MemoryView[]) =>
    queries.setQueriesData<InfiniteData<MemoryPage>>(
      { queryKey: ["memory", "list"] },
      (known) => known && { ...known, pages: known.pages.map((page) => ({ ...page, memories: change(page.memories) })) },
    );
  const add = useMutation({ mutationFn: (memory: NewMemory) => post<MemoryView>("/api/v1/memory", memory), onSettled: reread });
  const change = useMutation({
    mutationFn: ({ id, fields }: { id: string; fields: MemoryPatch }) => patch<MemoryView>(address(id), fields),
    // What is pinned looks so at once; the list is then read as it really is.
    onMutate: ({ id, fields: { pinned } }) => {
      if (pinned !== undefined) lists((list) => list.map((memory) => (memory.id === id ? { ...memory, pinned } : memory)));
    },
    onSettled: reread,
  });
  const forget = useMutation({
    mutationFn: (id: string) => del<Forgotten | null>(address(id)),
    onSuccess: (_done, id) => {
      lists((list) => list.filter((memory) => memory.id !== id));
      queries.removeQueries({ queryKey: ["memory", "one", id] });
    },
    onSettled: reread,
  });
  const forgetAll = useMutation({
    mutationFn: () => post<Forgotten>("/api/v1/memory/forget-all", { confirm: "forget everything" }),
    onSettled: reread,
  });
  return { add, change, forget, forgetAll };
}

/** The switch of remembering without being told to. It flips at once and flips back when the server says no. */
export function useQuietSwitch() {
  const queries = useQueryClient();
  const settings = usePatchSettings();
  const show = (quiet: boolean) => queries.setQueryData<MemoryStatus>(["memory", "status"], (known) => known && { ...known, quiet });
  return async (quiet: boolean): Promise<void> => {
    show(quiet);
    try {
      await settings.mutateAsync({ memory_quiet: quiet });
    } catch (error) {
      show(!quiet);
      throw error;
    }
  };
}
