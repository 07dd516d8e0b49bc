import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post } from "./client.ts";

/** An API key without the key. Instants are UTC milliseconds. */
export interface ApiKeyView {
  id: string;
  name: string;
  /** May name another user where a route says so; the owner's only. */
  service: boolean;
  last_four: string;
  created_at: number;
  last_used_at: number | null;
  expires_at: number | null;
}

export const useKeys = () =>
  useQuery({ queryKey: ["keys"], queryFn: async () => (await get<{ keys: ApiKeyView[] }>("/api/v1/keys")).keys });

export function useKeyActions() {
  const queries = useQueryClient();
  const reread = () => queries.invalidateQueries({ queryKey: ["keys"] });
  const make = useMutation({
    mutationFn: (input: { name: string; service?: boolean }) => post<ApiKeyView & { key: string }>("/api/v1/keys", input),
    onSettled: reread,
  });
  const revoke = useMutation({ mutationFn: (id: string) => del(`/api/v1/keys/${encodeURIComponent(id)}`), onSettled: reread });
  return { make, revoke };
}

export const useWebhookSecret = () =>
  useQuery({ queryKey: ["webhook-secret"], queryFn: async () => (await get<{ secret: string | null }>("/api/v1/webhook/secret")).secret });

export function useRotateWebhookSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => (await post<{ secret: string | null }>("/api/v1/webhook/secret/rotate")).secret,
    onSuccess: (secret) => queries.setQueryData(["webhook-secret"], secret),
  });
}
