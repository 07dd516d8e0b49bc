import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { ListenerMade } from "../api/listeners.ts";
import { onLoopback } from "../api/me.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { schemeWords } from "./listener-words.ts";
import { SecretEntry } from "./secret-entry.tsx";

/** What is to be entered at the service: the address, and the secret where one was just made. Rendered while it is open. */
export function HookSetup({ made, onClose }: { made: ListenerMade; onClose: () => void }) {
  const [listener, setListener] = useState(made.listener);
  const { source, hook_path: path, secret } = listener;
  if (source.kind !== "hook" || path === null) return null;
  const { title, theirs, steps } = schemeWords(source.scheme.name);
  const address = `${window.location.origin}${path}`;
  return (
    <Modal opened onClose={onClose} size={560} title={`Set up ${listener.title}`} closeButtonProps={{ "aria-label": "Close" }}>
      <div className="stack">
        <div className="hook-address">
          <span className="hook-label">Address</span>
          <div className="once-value">
            <code>{address}</code>
            <CopyButton text={address} label="Copy the address" size={36} />
          </div>
        </div>
        {onLoopback() && (
          <p className="note">
            <Icon name="info" size={18} />
            <span>This address leads to this computer only: a service on the internet reaches a deployed Margay, not this one.</span>
          </p>
        )}
        {made.secret !== null && <ShownOnce label="Secret. Copy it now: it is not shown again." value={made.secret} />}
        {made.secret === null && secret !== null && (
          <p className="dim">
            A secret is set{secret.last_four === "" ? "" : `, ending in ${secret.last_four}`}. It is never shown again
            {theirs ? "" : "; a new one can be made in the menu of the listener"}.
          </p>
        )}
        <ol className="hook-steps">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {theirs && <SecretEntry id={listener.id} service={title} set={secret !== null} onSaved={setListener} />}
        <div className="row end">
          <Button onClick={onClose}>Done</Button>
        </div>
      </div>
    </Modal>
  );
}
