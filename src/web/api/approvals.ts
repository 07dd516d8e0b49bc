import { useInfiniteQuery } from "@tanstack/react-query";
import type { ApprovalAnswer, ApprovalView } from "../../channels/approval-view.ts";
import { get, post, withQuery } from "./client.ts";

interface ApprovalPage {
  approvals: ApprovalView[];
  next_before: number | null;
}

/** The most that the API gives at once. */
const MOST = 200;

/** What waits for an answer now, and what was approved and runs, oldest first. */
export const fetchOpen = async (): Promise<ApprovalView[]> =>
  (await get<ApprovalPage>(withQuery("/api/v1/approvals", { state: "open", limit: MOST }))).approvals;

export const fetchApproval = (id: string): Promise<ApprovalView> => get<ApprovalView>(`/api/v1/approvals/${encodeURIComponent(id)}`);

/** Answers over HTTP: for when the connection of the chat is down. */
export function postAnswer(id: string, answer: ApprovalAnswer, note: string): Promise<ApprovalView> {
  const path = `/api/v1/approvals/${encodeURIComponent(id)}`;
  const told = note === "" ? {} : { note };
  return answer === "deny" ? post(`${path}/reject`, told) : post(`${path}/approve`, { scope: answer, ...told });
}

/** Every approval there was, newest first, a page at a time. */
export const useAllApprovals = () =>
  useInfiniteQuery({
    queryKey: ["approvals"],
    queryFn: ({ pageParam }) =>
      get<ApprovalPage>(withQuery("/api/v1/approvals", { state: "all", limit: 30, before: pageParam ?? undefined })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });
