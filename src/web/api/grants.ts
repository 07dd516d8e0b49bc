import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, withQuery } from "./client.ts";

/** Something that is or was allowed without asking. Instants are UTC milliseconds. */
export interface GrantView {
  id: string;
  tool: string;
  /** What it covers, in words. */
  label: string;
  scope: "always" | "task";
  /** Whether it holds now. */
  active: boolean;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  used_at: number | null;
  uses: number;
}

/** Everything that is or was allowed without asking, newest first. */
export const useGrants = () =>
  useQuery({
    queryKey: ["grants"],
    queryFn: async () => (await get<{ grants: GrantView[] }>(withQuery("/api/v1/grants", { state: "all" }))).grants,
  });

export function useRevokeGrant() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del<GrantView>(`/api/v1/grants/${encodeURIComponent(id)}`),
    onSettled: () => Promise.all(["grants", "versions", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}
