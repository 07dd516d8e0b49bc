import { Link } from "wouter";
import type { PlanStepView } from "../api/plans.ts";
import { ApprovalCard } from "../approvals/approval-card.tsx";
import { useChat } from "../chat/use-chat.ts";
import { Icon } from "../ui/icons.tsx";

/** What a step asks before it goes on, to be answered where it stands. */
export function StepWaiting({ step }: { step: PlanStepView }) {
  const { session, state } = useChat();
  const approval = state.approvals.find(({ id }) => id === step.approval_id);
  if (approval)
    return <ApprovalCard approval={approval} session={session} answering={state.answers.find((item) => item.approvalId === approval.id)} />;
  return (
    <p className="note" data-tone="ask">
      <Icon name="shield" size={18} />
      <span>It waits for your answer, and goes on by itself once you answered.</span>
      <span className="note-actions">
        <Link href="/approvals">Answer</Link>
      </span>
    </p>
  );
}
