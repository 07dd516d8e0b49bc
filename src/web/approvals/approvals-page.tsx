import { Button } from "@mantine/core";
import { useMemo } from "react";
import { Link } from "wouter";
import { useAllApprovals } from "../api/approvals.ts";
import { isWaiting, mergeApprovals } from "../chat/approval-state.ts";
import { useChat } from "../chat/use-chat.ts";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { ApprovalCard } from "./approval-card.tsx";

/** What the agent asks, and what was answered before. */
export default function ApprovalsPage() {
  const { session, state } = useChat();
  const query = useAllApprovals();
  // What the open connection tells is newer than what was read.
  const all = useMemo(() => {
    const read = query.data?.pages.flatMap((page) => page.approvals) ?? [];
    const known = new Set(read.map(({ id }) => id));
    return mergeApprovals(
      read,
      state.approvals.filter((approval) => isWaiting(approval) || known.has(approval.id)),
    );
  }, [query.data, state.approvals]);
  const waiting = all.filter(isWaiting);
  const answered = all.filter((approval) => !isWaiting(approval)).toReversed();
  const card = (approval: (typeof all)[number]) => (
    <li key={approval.id}>
      <ApprovalCard approval={approval} session={session} answering={state.answers.find((item) => item.approvalId === approval.id)} />
    </li>
  );
  return (
    <Page
      title="Approvals"
      intro="Before Margay does something that matters, it asks. You can answer here, in the chat, or wherever you wrote from; the first answer counts."
    >
      <QueryView query={query}>
        {() => (
          <>
            <section aria-label="Waiting for you">
              {waiting.length === 0 ? <p className="nothing">Nothing waits for you.</p> : <ul className="asks">{waiting.map(card)}</ul>}
            </section>
            {answered.length > 0 && (
              <section aria-labelledby="answered">
                <h2 className="group" id="answered">
                  Settled
                </h2>
                <ul className="asks">{answered.map(card)}</ul>
              </section>
            )}
            {query.hasNextPage && (
              <div className="row more">
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show earlier ones
                </Button>
              </div>
            )}
            <p className="dim">
              What Margay may do without asking is kept under <Link href="/settings/permissions">Permissions</Link>; everything it did is in
              the <Link href="/activity">Activity</Link>.
            </p>
          </>
        )}
      </QueryView>
    </Page>
  );
}
