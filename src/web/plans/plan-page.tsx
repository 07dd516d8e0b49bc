import { Button } from "@mantine/core";
import { Link } from "wouter";
import { ApiError } from "../api/api-error.ts";
import { usePlan } from "../api/plans.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { PlanSheet } from "./plan-sheet.tsx";
import { planTitle } from "./plan-words.ts";

/** One plan: its steps, what is decided about each, how far they are and what they brought. */
export default function PlanPage({ id }: { id: string }) {
  const query = usePlan(id);
  const gone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Page title={gone ? "Not there any more" : query.data ? planTitle(query.data) : "Plan"}>
      <Link href="/plans" className="back">
        <Icon name="back" size={16} /> Plans
      </Link>
      {gone ? (
        <div className="empty-page">
          <p>There is no such plan. Plans are kept for a while after they ended.</p>
          <Button component={Link} href="/plans" variant="default">
            All plans
          </Button>
        </div>
      ) : (
        <QueryView query={query}>{(plan) => <PlanSheet plan={plan} />}</QueryView>
      )}
    </Page>
  );
}
