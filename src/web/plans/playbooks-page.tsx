import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { type PlaybookView, usePlaybooks } from "../api/playbooks.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { PlanTabs } from "./plan-tabs.tsx";
import { PlaybookDialog } from "./playbook-dialog.tsx";
import { PlaybookRow } from "./playbook-row.tsx";
import { RunPlaybook } from "./run-playbook.tsx";

type Open = { kind: "run"; playbook: PlaybookView } | { kind: "edit"; playbook: PlaybookView | null; copy: PlaybookView | null };

/** Plans that are written already, to be run again and again: Margay's own and the user's. */
export default function PlaybooksPage() {
  const query = usePlaybooks();
  const [open, setOpen] = useState<Open | null>(null);
  const begin = useRef<HTMLButtonElement>(null);
  return (
    <Page
      title="Playbooks"
      intro="A playbook is a plan that is kept, to be run again with other words. Save one from a plan that went well, or write your own."
    >
      <div className="row page-bar">
        <PlanTabs here="/plans/playbooks" />
        <Button
          ref={begin}
          leftSection={<Icon name="plus" size={17} />}
          disabled={query.data === undefined}
          onClick={() => setOpen({ kind: "edit", playbook: null, copy: null })}
        >
          New playbook
        </Button>
      </div>
      <QueryView query={query}>
        {(playbooks) => (
          <>
            {[true, false].map((own) => {
              const list = playbooks.filter((item) => item.built_in !== own);
              if (list.length === 0) return null;
              return (
                <section key={String(own)} aria-label={own ? "Your own" : "Margay’s own"}>
                  <h2 className="group">{own ? "Your own" : "Margay’s own"}</h2>
                  <ul className="auto-list">
                    {list.map((playbook) => (
                      <PlaybookRow
                        key={playbook.name}
                        playbook={playbook}
                        onRun={() => setOpen({ kind: "run", playbook })}
                        onEdit={() => setOpen({ kind: "edit", playbook, copy: null })}
                        onCopy={() => setOpen({ kind: "edit", playbook: null, copy: playbook })}
                        onDeleted={() => begin.current?.focus()}
                      />
                    ))}
                  </ul>
                </section>
              );
            })}
            {open?.kind === "run" && <RunPlaybook playbook={open.playbook} onClose={() => setOpen(null)} />}
            {open?.kind === "edit" && (
              <PlaybookDialog playbook={open.playbook} copy={open.copy} playbooks={playbooks} onClose={() => setOpen(null)} />
            )}
          </>
        )}
      </QueryView>
    </Page>
  );
}
