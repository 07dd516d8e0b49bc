import type { ApprovalView } from "../../channels/approval-view.ts";

/** An answer to an approval that the server has not confirmed. */
export interface Answering {
  approvalId: string;
  /** Of the frame that carries it. */
  key: string;
  /** `sent`: on its way. `lost`: the connection ended before anything was heard of it. `refused`: the server said no. */
  status: "sent" | "lost" | "refused";
  /** What to tell the person; empty while it is on its way. */
  message: string;
}

export interface ApprovalsState {
  /** Approvals as the server last showed them, oldest first. */
  approvals: ApprovalView[];
  answers: Answering[];
}

/** How far along each state is: what is known never goes back, in whatever order lists and frames arrive. */
const RANK: Record<ApprovalView["state"], number> = {
  pending: 0,
  approved: 1,
  executing: 2,
  done: 3,
  failed: 3,
  unknown: 3,
  denied: 3,
  expired: 3,
};

export const isWaiting = ({ state }: ApprovalView): boolean => state === "pending";
export const isOver = ({ state }: ApprovalView): boolean => RANK[state] === 3;

/** Adds approvals, replacing those of the same id unless what is known is newer. */
export function mergeApprovals(known: ApprovalView[], more: ApprovalView[]): ApprovalView[] {
  const byId = new Map(known.map((approval) => [approval.id, approval]));
  for (const approval of more) {
    const before = byId.get(approval.id);
    if (before === undefined || RANK[before.state] <= RANK[approval.state]) byId.set(approval.id, approval);
  }
  return [...byId.values()].toSorted((a, b) => a.created_at - b.created_at || a.id.localeCompare(b.id));
}

/** Takes what the server shows. An answer whose approval has moved on is confirmed; a refusal stays, to be read. */
export function takeApprovals<T extends ApprovalsState>(state: T, more: ApprovalView[]): T {
  const approvals = mergeApprovals(state.approvals, more);
  const waiting = new Set(approvals.filter(isWaiting).map(({ id }) => id));
  return { ...state, approvals, answers: state.answers.filter((item) => item.status === "refused" || waiting.has(item.approvalId)) };
}

/** An answer sets off; earlier words about this approval are gone. */
export const sendAnswer = <T extends ApprovalsState>(state: T, approvalId: string, key: string): T => ({
  ...state,
  answers: [...state.answers.filter((item) => item.approvalId !== approvalId), { approvalId, key, status: "sent", message: "" }],
});

export const refuseAnswer = <T extends ApprovalsState>(state: T, key: string, message: string): T => ({
  ...state,
  answers: state.answers.map((item) => (item.key === key ? { ...item, status: "refused" as const, message } : item)),
});

/** The connection is gone, and with it whatever would have confirmed the answers on their way. */
export const loseAnswers = <T extends ApprovalsState>(state: T): T => ({
  ...state,
  answers: state.answers.map((item) =>
    item.status === "sent"
      ? {
          ...item,
          status: "lost" as const,
          message: "The connection was lost before your answer was confirmed. If this still waits when it is back, answer again.",
        }
      : item,
  ),
});
