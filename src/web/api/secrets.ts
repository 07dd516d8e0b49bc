import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, put } from "./client.ts";

/** Where tools may send a secret, and at which place of a request. */
export interface SecretUse {
  hosts: string[];
  place: "bearer" | "basic" | "header";
  header?: string;
}

/** A stored secret. Its value is never sent back. */
export interface SecretView {
  name: string;
  /** Empty for a short one. */
  last_four: string;
  /** UTC milliseconds. */
  updated_at: number;
  used_at: number | null;
  /** Null: no tool may use it. */
  use: SecretUse | null;
  /** Margay's own: model keys and bot tokens. */
  system: boolean;
}

export const useSecrets = () =>
  useQuery({ queryKey: ["secrets"], queryFn: async () => (await get<{ secrets: SecretView[] }>("/api/v1/secrets")).secrets });

/** Without a value a stored secret keeps its own, and only its use changes; without a use it keeps that. Not a mutation of the query library: that would keep the value for minutes. */
export const putSecret = (
  name: string,
  value: string | undefined,
  use: SecretUse | null | undefined,
): Promise<{ name: string; last_four: string }> => put(`/api/v1/secrets/${encodeURIComponent(name)}`, { value, use });

export function useDeleteSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => del(`/api/v1/secrets/${encodeURIComponent(name)}`),
    onSettled: () => Promise.all(["secrets", "audit"].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}
