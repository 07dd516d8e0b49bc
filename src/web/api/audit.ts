import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../audit/entry.ts";
import { get, withQuery } from "./client.ts";

/** As the API takes them. Instants are UTC milliseconds. */
export interface AuditFilters {
  since?: number | undefined;
  kind?: string | undefined;
  outcome?: string | undefined;
  effect?: string | undefined;
  tool?: string | undefined;
  channel?: string | undefined;
  text?: string | undefined;
}

export interface AuditPage {
  entries: AuditEntry[];
  next_before: number | null;
}

export interface AuditReport {
  ok: boolean;
  entries: number;
  fault: { seq: number; problem: string } | null;
  anchor: { seq: number; at: number; matches: boolean } | null;
}

export const useAudit = (filters: AuditFilters) =>
  useInfiniteQuery({
    queryKey: ["audit", filters],
    queryFn: ({ pageParam, signal }) =>
      get<AuditPage>(withQuery("/api/v1/audit", { ...filters, limit: 50, before: pageParam ?? undefined }), signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });

/** Names of tools that were called lately; there is no list of all. */
export const useToolNames = () =>
  useQuery({
    queryKey: ["audit", "tools"],
    queryFn: async () => {
      const { entries } = await get<AuditPage>(withQuery("/api/v1/audit", { kind: "call", limit: 500 }));
      return [...new Set(entries.flatMap(({ tool }) => (tool === null ? [] : [tool])))].toSorted();
    },
  });

export const exportPath = (filters: AuditFilters, format: "csv" | "json"): string =>
  withQuery("/api/v1/audit/export", { ...filters, format });

export const useVerifyAudit = () => useMutation({ mutationFn: () => get<AuditReport>("/api/v1/audit/verify") });
