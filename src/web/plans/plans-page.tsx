import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { usePlans } from "../api/plans.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { NewPlan } from "./new-plan.tsx";
import { PlanRow } from "./plan-row.tsx";
import { PlanTabs } from "./plan-tabs.tsx";

/** Plans: what waits for a decision, what runs, what they came to, and the way to another. */
export default function PlansPage() {
  const [asking, setAsking] = useState(false);
  const open = usePlans("open");
  const ended = usePlans("ended");
  return (
    <Page title="Plans" intro="For larger things Margay writes down the steps first. You approve, change or reject each; then they run.">
      <div className="row page-bar">
        <PlanTabs here="/plans" />
        <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setAsking(true)}>
          New plan
        </Button>
      </div>
      <QueryView query={open} lines={1}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.plans);
          if (list.length === 0) return null;
          return (
            <section aria-labelledby="plans-open">
              <h2 className="group" id="plans-open">
                Open <span>{list.length}</span>
              </h2>
              <ul className="auto-list">
                {list.map((plan) => (
                  <PlanRow key={plan.id} plan={plan} />
                ))}
              </ul>
            </section>
          );
        }}
      </QueryView>
      <QueryView query={ended}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.plans);
          if (list.length === 0) return open.data?.pages[0]?.plans.length === 0 && <Nothing />;
          return (
            <section aria-labelledby="plans-ended">
              <h2 className="group" id="plans-ended">
                Ended
              </h2>
              <ul className="auto-list">
                {list.map((plan) => (
                  <PlanRow key={plan.id} plan={plan} />
                ))}
              </ul>
              {ended.hasNextPage && (
                <div className="row more">
                  <Button variant="default" loading={ended.isFetchingNextPage} onClick={() => void ended.fetchNextPage()}>
                    Show earlier ones
                  </Button>
                </div>
              )}
            </section>
          );
        }}
      </QueryView>
      {asking && <NewPlan onClose={() => setAsking(false)} />}
    </Page>
  );
}

function Nothing() {
  return (
    <div className="empty-page">
      <Icon name="route" size={36} />
      <h2>There are no plans yet</h2>
      <p>
        Type <code>/plan</code> and what you want in the chat, such as <code>/plan a weekend in Bergen in May</code>. Or run one that is
        written already: a playbook.
      </p>
      <Button component={Link} href="/plans/playbooks" variant="default">
        See the playbooks
      </Button>
    </div>
  );
}
