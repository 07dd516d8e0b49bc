import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BuiltInView, ScheduleInput, SchedulePatch, SchedulePreview, ScheduleRun, ScheduleView } from "../../schedule/shapes.ts";
import { del, get, patch, post, put, request, withQuery } from "./client.ts";

export type { BuiltInView, ScheduleInput, SchedulePatch, SchedulePreview, ScheduleRun, ScheduleView };
export type ScheduleAction = ScheduleView["action"];
export type Missed = ScheduleView["missed"];
export type ScheduleState = "current" | "ended";

/** What is made here; the rest has defaults. */
export type NewSchedule = Pick<ScheduleInput, "when" | "action"> & Partial<ScheduleInput>;

const SCHEDULES = "/api/v1/schedules";
const address = (id: string): string => `${SCHEDULES}/${encodeURIComponent(id)}`;

/** How long after its time something is read again, milliseconds: it takes a moment until it ran. */
const AFTER = 2_000;
const AT_LEAST = 4_000;
const AT_MOST = 60_000;

/** In how many milliseconds a list is other than it is now: when the first of it has run. */
export function untilNext(now: number, list: readonly ScheduleView[] | undefined): number | false {
  const times = (list ?? []).flatMap(({ next_at: next }) => (next === null ? [] : [next]));
  if (times.length === 0) return false;
  return Math.min(AT_MOST, Math.max(AT_LEAST, Math.min(...times) - now + AFTER));
}

export const useSchedules = (state: ScheduleState) =>
  useQuery({
    queryKey: ["schedules", "list", state],
    queryFn: async ({ signal }) =>
      (await get<{ schedules: ScheduleView[] }>(withQuery(SCHEDULES, { state, limit: 400 }), signal)).schedules,
    refetchInterval: (query) => untilNext(Date.now(), query.state.data),
  });

export const useScheduleRuns = (id: string) =>
  useQuery({
    queryKey: ["schedules", "runs", id],
    queryFn: async ({ signal }) => (await get<{ runs: ScheduleRun[] }>(withQuery(`${address(id)}/runs`, { limit: 20 }), signal)).runs,
  });

/** What would be made of words about time. While one types, what was understood before stays until the new is there. */
export const usePreview = (when: string, zone: string | null) =>
  useQuery({
    queryKey: ["schedule-preview", when, zone],
    enabled: when !== "",
    queryFn: ({ signal }) => request<SchedulePreview>("POST", `${SCHEDULES}/preview`, { when, time_zone: zone }, { signal }),
    placeholderData: keepPreviousData,
    // "in 20 minutes" is another time when it is asked again.
    staleTime: 0,
    gcTime: 0,
  });

export const useBuiltIns = () =>
  useQuery({
    queryKey: ["schedules", "built-in"],
    queryFn: async ({ signal }) => (await get<{ built_in: BuiltInView[] }>(`${SCHEDULES}/built-in`, signal)).built_in,
  });

/** Everything that changes schedules, with what is shown read anew after each change. */
export function useScheduleActions() {
  const queries = useQueryClient();
  const reread = () => Promise.all(["schedules", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const add = useMutation({ mutationFn: (input: NewSchedule) => post<ScheduleView>(SCHEDULES, input), onSettled: reread });
  const change = useMutation({
    mutationFn: ({ id, fields }: { id: string; fields: SchedulePatch }) => patch<ScheduleView>(address(id), fields),
    onSettled: reread,
  });
  const run = useMutation({ mutationFn: (id: string) => post<ScheduleRun>(`${address(id)}/run`), onSettled: reread });
  const remove = useMutation({ mutationFn: (id: string) => del(address(id)), onSettled: reread });
  const setBuiltIn = useMutation({
    mutationFn: ({ name, ...fields }: { name: string; on: boolean; when?: string }) =>
      put<BuiltInView>(`${SCHEDULES}/built-in/${encodeURIComponent(name)}`, fields),
    onSettled: reread,
  });
  return { add, change, run, remove, setBuiltIn };
}
