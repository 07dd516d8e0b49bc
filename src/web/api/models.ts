import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProviderId } from "../../models/provider.ts";
import { del, get, post, put } from "./client.ts";
import { useSettings } from "./settings.ts";

/** A configured endpoint; the key is never sent back. */
export interface ProviderEntry {
  provider: ProviderId;
  endpoint: string;
  source: "user" | "deployment" | "none";
  base_url: string | null;
  last_four: string | null;
  updated_at: string | null;
}

export interface ConnectionReport {
  ok: boolean;
  message: string;
  models: string[];
  token_count: number | null;
  latency_ms: number;
}

export interface EndpointInput {
  provider: ProviderId;
  endpoint: string;
  api_key?: string;
  base_url?: string;
}

export const useProviders = () =>
  useQuery({
    queryKey: ["providers"],
    queryFn: async () => (await get<{ providers: ProviderEntry[] }>("/api/v1/models/providers")).providers,
  });

const pathOf = ({ provider, endpoint }: { provider: string; endpoint: string }) =>
  `/api/v1/models/providers/${encodeURIComponent(provider)}/${encodeURIComponent(endpoint)}`;

export function usePutProvider() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: EndpointInput) => {
      const body: { api_key?: string; base_url?: string } = {};
      if (input.api_key !== undefined) body.api_key = input.api_key;
      if (input.base_url !== undefined) body.base_url = input.base_url;
      return put<ProviderEntry>(pathOf(input), body);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["providers"] }),
  });
}

export function useDeleteProvider() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (entry: { provider: string; endpoint: string }) => del(pathOf(entry)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["providers"] }),
  });
}

export const useTestProvider = () =>
  useMutation({ mutationFn: (input: EndpointInput) => post<ConnectionReport>("/api/v1/models/test", input) });

export const isConnected = (entry: ProviderEntry): boolean => entry.provider !== "offline" && entry.source !== "none";

/** Which model answers now, as far as settings tell; undefined while that is not known. */
export function useModelNow(): { offline: boolean; name: string } | undefined {
  const providers = useProviders();
  const settings = useSettings();
  if (!providers.data || !settings.data) return undefined;
  const connected = providers.data.filter(isConnected);
  if (connected.length === 0) return { offline: true, name: "offline" };
  const chain = settings.data.models[settings.data.tier];
  return { offline: false, name: chain?.[0] ?? connected[0]?.provider ?? "connected" };
}
