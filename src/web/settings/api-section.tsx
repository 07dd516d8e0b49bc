import { Button } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import type { Me } from "../api/me.ts";
import { type ApiKeyView, useKeyActions, useKeys } from "../api/keys.ts";
import { dayName } from "../lib/time.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";
import { ApiExamples } from "./api-examples.tsx";
import { NewKey } from "./new-key.tsx";
import { WebhookSecret } from "./webhook-secret.tsx";
import { useNow } from "../lib/use-now.ts";

/** Programs that talk to one's agent: keys, examples, webhooks. */
export function ApiSection({ me }: { me: Me }) {
  const keys = useKeys();
  return (
    <>
      <Section title="API keys" intro="A key speaks as you. Give each program its own, so that you can revoke one alone.">
        <QueryView query={keys} lines={1}>
          {(list) =>
            list.length > 0 && (
              <ul className="items">
                {list.map((key) => (
                  <KeyRow key={key.id} entry={key} />
                ))}
              </ul>
            )
          }
        </QueryView>
        <NewKey owner={me.role === "owner"} />
      </Section>
      <Section
        title="How to use one"
        intro={
          <>
            Every route is described on the{" "}
            <a href="/api/v1/docs" target="_blank" rel="noopener">
              API page
            </a>
            .
          </>
        }
      >
        <ApiExamples />
      </Section>
      <Section
        title="Webhooks"
        intro="Other services send events to /webhook, signed with this secret. Answers that come later are signed with it too."
      >
        <WebhookSecret userId={me.id} />
      </Section>
    </>
  );
}

function KeyRow({ entry }: { entry: ApiKeyView }) {
  const [asking, setAsking] = useState(false);
  const { revoke } = useKeyActions();
  const toast = useToast();
  const now = useNow();
  return (
    <li>
      <div className="item-text">
        <b>{entry.name}</b>
        <span>
          Ends in {entry.last_four}, {entry.last_used_at === null ? "never used" : `last used: ${dayName(now, entry.last_used_at)}`}
          {entry.expires_at !== null && `, expires: ${dayName(now, entry.expires_at)}`}
        </span>
      </div>
      {entry.service && <span className="tag">service key</span>}
      <Button variant="subtle" color="red" size="xs" onClick={() => setAsking(true)}>
        Revoke
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Revoke “${entry.name}”?`}
          action="Revoke"
          onClose={() => setAsking(false)}
          onConfirm={() => revoke.mutate(entry.id, { onError: (error) => toast(sayError(error), { tone: "error" }) })}
        >
          Programs that use it are refused from now on. This cannot be taken back.
        </ConfirmDialog>
      )}
    </li>
  );
}
