import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { forgetDrafts } from "../lib/drafts.ts";
import { ApiError } from "./api-error.ts";
import { get, post, request } from "./client.ts";

/** Who is signed in. */
export interface Me {
  id: string;
  email: string;
  name: string;
  role: "owner" | "admin" | "user";
  /** How the sign-in came about; `loopback`: by running Margay on this computer. */
  signed_in_by: string;
  /** Hard caps in US dollars; null: none. */
  day_cap_usd: number | null;
  month_cap_usd: number | null;
  /** What the owner should know about this deployment; empty for everybody else. */
  warnings: string[];
}

/** Null: nobody, so the sign-in is shown. */
export type MeState = Me | null;

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "127.0.0.1" || host === "[::1]" || host.endsWith(".localhost");

let triedLoopback = false;

async function fetchMe(): Promise<MeState> {
  try {
    return await request<Me>("GET", "/api/v1/me", undefined, { quiet: true });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  // Margay that was started on this very computer signs its owner in by itself; every other one answers 404 here.
  if (triedLoopback || !isLoopback(window.location.hostname)) return null;
  triedLoopback = true;
  try {
    await request("POST", "/api/v1/auth/loopback", {}, { quiet: true });
    return await request<Me>("GET", "/api/v1/me", undefined, { quiet: true });
  } catch (error) {
    if (error instanceof ApiError && error.status > 0 && error.status < 500) return null;
    throw error;
  }
}

export const useMe = () => useQuery({ queryKey: ["me"], queryFn: fetchMe, staleTime: 60_000, retry: 1 });

/** Forgets everything of the person who was here, and asks anew who is. */
export async function changeUser(queries: QueryClient): Promise<void> {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
  await queries.invalidateQueries({ queryKey: ["me"] });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => post("/api/v1/auth/sign-out"),
    onSuccess: () => {
      triedLoopback = true;
      forgetDrafts();
      queries.setQueryData<MeState>(["me"], null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
    },
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { email: string; password: string }) => request("POST", "/api/v1/auth/sign-in", input, { quiet: true }),
    onSuccess: () => changeUser(queries),
  });
}

/** Signing in on this computer without a password, again, after having signed out. */
export function useLoopback() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => request("POST", "/api/v1/auth/loopback", {}, { quiet: true }),
    onSuccess: () => changeUser(queries),
  });
}

export const onLoopback = (): boolean => isLoopback(window.location.hostname);

export const useSetupNeeded = () => useQuery({ queryKey: ["setup"], queryFn: () => get<{ needed: boolean }>("/api/v1/setup"), retry: 1 });

export function useSetup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { code: string; name: string; email: string; password: string }) =>
      request("POST", "/api/v1/setup", input, { quiet: true }),
    onSuccess: () => changeUser(queries),
  });
}

export const lookupInvitation = (token: string) =>
  request<{ email: string; name: string }>("POST", "/api/v1/invitations/lookup", { token }, { quiet: true });

export function useAcceptInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { token: string; name: string; password: string }) =>
      request("POST", "/api/v1/invitations/accept", input, { quiet: true }),
    onSuccess: () => changeUser(queries),
  });
}

export function useResetPassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { token: string; password: string }) => request("POST", "/api/v1/password-resets/accept", input, { quiet: true }),
    onSuccess: () => changeUser(queries),
  });
}

export const useChangePassword = () =>
  useMutation({
    mutationFn: (input: { current_password: string; new_password: string }) => post("/api/v1/auth/password", input),
  });
