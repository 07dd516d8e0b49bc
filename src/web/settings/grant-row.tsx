import { Button } from "@mantine/core";
import { useState } from "react";
import { type GrantView, useRevokeGrant } from "../api/grants.ts";
import { counted } from "../lib/format.ts";
import { clock, dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";

/** One standing permission: what it covers, how it was used, the way to take it back. */
export function GrantRow({ grant }: { grant: GrantView }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeGrant();
  const attempt = useAttempt();
  const now = useNow();
  const day = (at: number) => dayName(now, at);
  const facts = [
    `Given: ${day(grant.created_at)}`,
    grant.uses === 0 ? "not used yet" : `used ${counted(grant.uses, "time")}, last: ${day(grant.used_at ?? grant.created_at)}`,
    ...(grant.revoked_at === null ? [] : [`revoked: ${day(grant.revoked_at)}`]),
    ...(grant.active && grant.expires_at !== null ? [`until ${day(grant.expires_at)}, ${clock(grant.expires_at)}`] : []),
  ];
  return (
    <li>
      <div className="item-text">
        <b>{grant.label}</b>
        <span>{facts.join(", ")}</span>
      </div>
      {grant.scope === "task" && <span className="tag">one task</span>}
      {grant.active && (
        <Button variant="subtle" color="red" size="xs" aria-label={`Revoke: ${grant.label}`} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          title="Revoke this permission?"
          action="Revoke"
          onClose={() => setAsking(false)}
          onConfirm={() => void attempt(revoke.mutateAsync(grant.id), () => "Revoked. From now on you are asked again.")}
        >
          <p className="plain">“{grant.label}”. From now on you are asked again.</p>
          {grant.scope === "always" && <p className="dim">If you change your mind: the earlier state is under History.</p>}
        </ConfirmDialog>
      )}
    </li>
  );
}
