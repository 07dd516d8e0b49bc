import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, patch, post } from "./client.ts";

/** Somebody with an agent of their own. Instants are UTC milliseconds, amounts US dollars. */
export interface ManagedUser {
  id: string;
  email: string;
  name: string;
  role: "owner" | "admin" | "user";
  suspended: boolean;
  created_at: number;
  last_active_at: number | null;
  day_cap_usd: number | null;
  month_cap_usd: number | null;
  cost_today_usd: number;
  cost_month_usd: number;
}

export interface Invitation {
  id: string;
  email: string;
  name: string;
  role: "admin" | "user";
  created_at: number;
  expires_at: number;
}

export interface UserChange {
  role?: "admin" | "user";
  suspended?: boolean;
  day_cap_usd?: number | null;
  month_cap_usd?: number | null;
}

export const useUsers = () =>
  useQuery({ queryKey: ["users"], queryFn: async () => (await get<{ users: ManagedUser[] }>("/api/v1/users")).users });

export const useInvitations = () =>
  useQuery({
    queryKey: ["invitations"],
    queryFn: async () => (await get<{ invitations: Invitation[] }>("/api/v1/users/invitations")).invitations,
  });

const pathOf = (id: string) => `/api/v1/users/${encodeURIComponent(id)}`;

export function useUserActions() {
  const queries = useQueryClient();
  const reread = () => queries.invalidateQueries({ queryKey: ["users"] });
  const change = useMutation({
    mutationFn: ({ id, change: fields }: { id: string; change: UserChange }) => patch<ManagedUser>(pathOf(id), fields),
    onSettled: reread,
  });
  const remove = useMutation({ mutationFn: (id: string) => del(pathOf(id)), onSettled: reread });
  const resetLink = useMutation({ mutationFn: (id: string) => post<{ link: string; expires_at: number }>(`${pathOf(id)}/reset-link`) });
  return { change, remove, resetLink };
}

export function useInvitationActions() {
  const queries = useQueryClient();
  const reread = () => queries.invalidateQueries({ queryKey: ["invitations"] });
  const invite = useMutation({
    mutationFn: (input: { email: string; name: string; role: "admin" | "user" }) =>
      post<Invitation & { link: string }>("/api/v1/users/invitations", input),
    onSettled: reread,
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => del(`/api/v1/users/invitations/${encodeURIComponent(id)}`),
    onSettled: reread,
  });
  return { invite, withdraw };
}
