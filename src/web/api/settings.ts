import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Stats } from "../../agent/shapes.ts";
import { get, patch, withQuery } from "./client.ts";

export type Tier = "fast" | "smart" | "vision";

export interface Settings {
  time_zone: string | null;
  models: Record<Tier, string[] | null>;
  tier: "fast" | "smart";
}

export interface SettingsPatch {
  time_zone?: string | null;
  models?: Partial<Record<Tier, string[] | null>>;
  tier?: "fast" | "smart";
}

export const useSettings = () => useQuery({ queryKey: ["settings"], queryFn: () => get<Settings>("/api/v1/settings") });

export function usePatchSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SettingsPatch) => patch<Settings>("/api/v1/settings", change),
    onSuccess: (settings) => queries.setQueryData(["settings"], settings),
  });
}

export const useStats = (days: number) =>
  useQuery({ queryKey: ["stats", days], queryFn: () => get<Stats>(withQuery("/api/v1/stats", { days })) });
