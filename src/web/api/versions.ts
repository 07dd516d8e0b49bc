import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, withQuery } from "./client.ts";

/** One difference, for a person; null: nothing was or is set. */
export interface Change {
  /** Such as `persona`, `models.fast`, `permission`. */
  field: string;
  before: string | null;
  after: string | null;
}

/** A state that the settings and standing permissions were in. */
export interface VersionView {
  version: number;
  /** UTC milliseconds. */
  at: number;
  author: "user" | "agent" | "system";
  channel: string | null;
  summary: string;
  /** Against the version before. */
  changes: Change[];
  /** Whether it is the state of now. */
  current: boolean;
}

export const useVersions = () =>
  useInfiniteQuery({
    queryKey: ["versions"],
    queryFn: ({ pageParam }) =>
      get<{ versions: VersionView[]; next_before: number | null }>(
        withQuery("/api/v1/settings/versions", { limit: 20, before: pageParam ?? undefined }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });

/** What going back to a version would change: from now to it. */
export const useWayBack = (version: number) =>
  useQuery({
    queryKey: ["versions", "diff", version],
    queryFn: async () => {
      const { changes } = await get<{ changes: Change[] }>(`/api/v1/settings/versions/${version}/diff`);
      // The API tells the way from the version to now.
      return changes.map(({ field, before, after }) => ({ field, before: after, after: before }));
    },
    staleTime: 0,
  });

export function useRestore() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (version: number) => post<{ changes: Change[] }>(`/api/v1/settings/versions/${version}/restore`),
    onSettled: () =>
      Promise.all(["versions", "settings", "grants", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}
