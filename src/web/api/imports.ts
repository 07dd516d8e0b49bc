import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ImportPlan, ImportReport } from "../../import/shapes.ts";
import { get, post } from "./client.ts";
import { uploadFile } from "./files.ts";

const pathOf = (id: string): string => `/api/v1/imports/${encodeURIComponent(id)}`;
const POLL_MS = 700;

/** Uploads an archive and asks what it holds. */
export async function planImport(file: File, signal: AbortSignal): Promise<ImportPlan> {
  const { key } = await uploadFile(file, signal);
  return post<ImportPlan>("/api/v1/imports", { key, name: file.name });
}

/** How an import stands, read again until it is over. Where something was taken over, what shows it is read anew. */
export function useImportReport(id: string) {
  const queries = useQueryClient();
  const report = useQuery({
    queryKey: ["imports", id],
    queryFn: () => get<ImportReport>(pathOf(id)),
    refetchInterval: (query) => (query.state.data?.status === "running" ? POLL_MS : false),
  });
  const over = report.data?.status === "done" || report.data?.status === "failed";
  useEffect(() => {
    if (over) for (const key of ["memory", "knowledge", "settings", "versions"]) void queries.invalidateQueries({ queryKey: [key] });
  }, [over, queries]);
  return report;
}

/** Begins it, goes on with one that failed, or does one again. */
export function useRunImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<ImportReport>(`${pathOf(id)}/run`),
    onSuccess: (report) => queries.setQueryData(["imports", report.id], report),
  });
}
