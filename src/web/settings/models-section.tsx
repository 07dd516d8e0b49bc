import { Button } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { isConnected, type ProviderEntry, useDeleteProvider, useModelNow, useProviders } from "../api/models.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";
import { ChainsForm } from "./chains-form.tsx";
import { ConnectForm } from "./connect-form.tsx";
import { endpointName } from "./provider-catalog.ts";
import { TestButton } from "./test-button.tsx";

/** Which models answer, and with whose keys. */
export function ModelsSection() {
  const now = useModelNow();
  const providers = useProviders();
  const [models, setModels] = useState<string[]>([]);
  return (
    <>
      <Section
        title="Connected"
        intro={
          now === undefined
            ? undefined
            : now.offline
              ? "No model is connected, so Margay answers with its own offline model: it keeps your to-dos and says plainly what it cannot do."
              : "These endpoints answer you. Keys are kept encrypted and never shown again."
        }
      >
        <QueryView query={providers} lines={2}>
          {(list) => (
            <ul className="items">
              {list.filter(isConnected).map((entry) => (
                <ProviderRow
                  key={`${entry.provider}:${entry.endpoint}`}
                  entry={entry}
                  onModels={(found) => setModels((known) => [...new Set([...known, ...found])])}
                />
              ))}
            </ul>
          )}
        </QueryView>
      </Section>
      <Section title="Connect a model" intro="With your own key. You pay the provider directly.">
        <ConnectForm onModels={(found) => setModels((known) => [...new Set([...known, ...found])])} />
      </Section>
      {now?.offline === false && (
        <Section title="Which model answers" intro="Models are tried in order; the next one answers when the one before it cannot.">
          <ChainsForm known={models} />
        </Section>
      )}
    </>
  );
}

function ProviderRow({ entry, onModels }: { entry: ProviderEntry; onModels: (models: string[]) => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteProvider();
  const toast = useToast();
  const name = endpointName(entry.provider, entry.endpoint);
  return (
    <li>
      <div className="item-text">
        <b>{name}</b>
        <span>
          {entry.source === "deployment" ? "Set by the owner for everyone" : "Your own"}
          {entry.last_four !== null && `, key ends in ${entry.last_four}`}
          {entry.base_url !== null && `, ${entry.base_url}`}
        </span>
      </div>
      {entry.source === "user" && (
        <Button variant="subtle" color="red" size="xs" onClick={() => setAsking(true)}>
          Remove
        </Button>
      )}
      <TestButton input={{ provider: entry.provider, endpoint: entry.endpoint }} onModels={onModels} />
      {asking && (
        <ConfirmDialog
          title={`Remove ${name}?`}
          action="Remove"
          onClose={() => setAsking(false)}
          onConfirm={() => remove.mutate(entry, { onError: (error) => toast(sayError(error), { tone: "error" }) })}
        >
          Its key is deleted here. It stays valid at the provider until you revoke it there.
        </ConfirmDialog>
      )}
    </li>
  );
}
