import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Stats } from "../../agent/shapes.ts";
import type { HeartbeatSettings } from "../../heartbeat/shapes.ts";
import type { Effect } from "../../permission/effect.ts";
import type { SelfImprovement } from "../../self-improvement/shapes.ts";
import { get, patch, withQuery } from "./client.ts";

export type Tier = "fast" | "smart" | "vision";

export interface Settings {
  time_zone: string | null;
  models: Record<Tier, string[] | null>;
  tier: "fast" | "smart";
  /** What the agent is told about how to be. */
  persona: string;
  /** Minutes that an approval waits, by effect; what is left out: a day. */
  approval_minutes: Partial<Record<Effect, number>>;
  /** Tools that are always asked about, or switched off. */
  tools: Record<string, "ask" | "off">;
  /** Whether the agent remembers by itself after conversations. */
  memory_quiet: boolean;
  /** What the agent looks at by itself, how often at most, and when it says nothing. */
  heartbeat: HeartbeatSettings;
  /** Whether it looks once a week for what could be done better. */
  self_improvement: SelfImprovement;
}

/** What is left out stays as it is; `tools` and `approval_minutes` are replaced as a whole. */
export type SettingsPatch = Partial<
  Omit<Settings, "models" | "heartbeat"> & { models: Partial<Settings["models"]>; heartbeat: Partial<HeartbeatSettings> }
>;

export const useSettings = () => useQuery({ queryKey: ["settings"], queryFn: () => get<Settings>("/api/v1/settings") });

export function usePatchSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SettingsPatch) => patch<Settings>("/api/v1/settings", change),
    onSuccess: (settings) => {
      queries.setQueryData(["settings"], settings);
      // The zone moves schedules; what is looked at by itself has a next time.
      for (const name of ["versions", "heartbeat", "schedules"]) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

export const useStats = (days: number) =>
  useQuery({ queryKey: ["stats", days], queryFn: () => get<Stats>(withQuery("/api/v1/stats", { days })) });
