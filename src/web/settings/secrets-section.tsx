import { useState } from "react";
import { type SecretView, useSecrets } from "../api/secrets.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { SecretForm } from "./secret-form.tsx";
import { SecretRow } from "./secret-row.tsx";

/** Keys and tokens that tools may use, and Margay's own. */
export function SecretsSection() {
  const secrets = useSecrets();
  const [replacing, setReplacing] = useState<SecretView | null>(null);
  return (
    <QueryView query={secrets} lines={2}>
      {(all) => {
        const own = all.filter(({ system }) => !system);
        const system = all.filter((secret) => secret.system);
        return (
          <>
            <Section
              title="Your secrets"
              intro="Keys, tokens and passwords for tools. They can be written but never read again: not here, not by the agent, not by its model. A tool only gets one put into requests to the hosts that you name."
            >
              {own.length === 0 ? (
                <p className="dim">None yet.</p>
              ) : (
                <ul className="items">
                  {own.map((secret) => (
                    <SecretRow key={secret.name} secret={secret} onReplace={() => setReplacing(secret)} />
                  ))}
                </ul>
              )}
            </Section>
            <Section title={replacing === null ? "Add a secret" : `Change ${replacing.name}`}>
              <SecretForm
                key={replacing?.name ?? ""}
                replaces={replacing}
                taken={own.map(({ name }) => name)}
                onDone={() => setReplacing(null)}
              />
            </Section>
            {system.length > 0 && (
              <Section title="Margay’s own" intro="Kept in the same vault, and changed where they are used.">
                <ul className="items">
                  {system.map((secret) => (
                    <SecretRow key={secret.name} secret={secret} onReplace={null} />
                  ))}
                </ul>
              </Section>
            )}
          </>
        );
      }}
    </QueryView>
  );
}
