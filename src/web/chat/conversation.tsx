import { useCallback, useMemo } from "react";
import { ApprovalCard } from "../approvals/approval-card.tsx";
import { dayName, localDay } from "../lib/time.ts";
import { AssistantMessage } from "./assistant-message.tsx";
import { FailureNote } from "./failure-note.tsx";
import { LiveReply } from "./live-reply.tsx";
import { NoticeMessage } from "./notice-message.tsx";
import { PendingMessage } from "./pending-message.tsx";
import { type Row, timeline } from "./timeline.ts";
import { useChat } from "./use-chat.ts";
import { UserMessage } from "./user-message.tsx";
import { useNow } from "../lib/use-now.ts";

/** The rows of the conversation, oldest first. */
export function Conversation() {
  const { session, state } = useChat();
  const now = useNow();
  const rows = useMemo(() => timeline(state, localDay), [state]);
  const edit = useCallback((id: string, text: string) => session.edit(id, text), [session]);
  const again = useCallback((id: string) => session.regenerate(id), [session]);
  const last = rows.findLast((row) => row.kind === "message" || row.kind === "live" || row.kind === "pending");
  // What Margay told its agent is no question that could be asked again.
  const told = new Map(
    rows.flatMap((row) =>
      row.kind === "message" && row.message.role === "notice" ? [[row.message.turn_id, row.message.text] as const] : [],
    ),
  );
  const lastQuestion = rows.findLast((row) => row.kind === "message" && row.message.role === "user");

  const draw = (row: Row) => {
    switch (row.kind) {
      case "day":
        return (
          <h2 className="day" key={row.key}>
            {dayName(now, row.at)}
          </h2>
        );
      case "epoch":
        return (
          <p className="epoch" key={row.key}>
            {row.words}
          </p>
        );
      case "message":
        if (row.message.role === "user")
          return <UserMessage key={row.key} message={row.message} queued={row.queued} onEdit={edit} onAgain={again} />;
        if (row.message.role === "notice") return <NoticeMessage key={row.key} message={row.message} />;
        return (
          <AssistantMessage
            key={row.key}
            message={row.message}
            told={told.get(row.message.turn_id) ?? ""}
            onAgain={row === last && row.message.turn_id !== null && !told.has(row.message.turn_id) ? again : null}
          />
        );
      case "live":
        return <LiveReply key={row.key} turn={row.turn} />;
      case "approval":
        return (
          <ApprovalCard
            key={row.key}
            approval={row.approval}
            session={session}
            answering={state.answers.find((item) => item.approvalId === row.approval.id)}
          />
        );
      case "failure": {
        const question = lastQuestion?.kind === "message" ? lastQuestion.message.id : null;
        return <FailureNote key={row.key} failure={row.failure} onAgain={question === null ? null : () => session.regenerate(question)} />;
      }
      case "pending":
        return (
          <PendingMessage
            key={row.key}
            pending={row.pending}
            connection={state.connection}
            onRetry={(id) => session.retry(id)}
            onDrop={(id) => session.drop(id)}
          />
        );
    }
  };
  return rows.map(draw);
}
