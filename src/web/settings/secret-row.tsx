import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { type SecretView, useDeleteSecret } from "../api/secrets.ts";
import { dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { placeText, systemHome } from "./secret-use.ts";

/** One stored secret, without its value. `onReplace` null: it is changed elsewhere. */
export function SecretRow({ secret, onReplace }: { secret: SecretView; onReplace: (() => void) | null }) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteSecret();
  const attempt = useAttempt();
  const now = useNow();
  const { name, use } = secret;
  return (
    <li>
      <div className="item-text">
        <b>{name}</b>
        <span>
          {secret.last_four !== "" && `Ends in ${secret.last_four}, `}
          {secret.last_four === "" ? "Changed" : "changed"}: {dayName(now, secret.updated_at)},{" "}
          {secret.used_at === null ? "never used" : `last used: ${dayName(now, secret.used_at)}`}
        </span>
        {!secret.system && (
          <>
            <br />
            <span>{use === null ? "No tool may use it." : `To ${use.hosts.join(", ")}, ${placeText(use)}`}</span>
          </>
        )}
      </div>
      {onReplace === null ? (
        <Link href={systemHome(name).href}>{systemHome(name).hint}</Link>
      ) : (
        <>
          <Button variant="default" size="xs" aria-label={`Change ${name}`} onClick={onReplace}>
            Change
          </Button>
          <Button variant="subtle" color="red" size="xs" aria-label={`Delete ${name}`} onClick={() => setAsking(true)}>
            Delete
          </Button>
        </>
      )}
      {asking && (
        <ConfirmDialog
          title={`Delete “${name}”?`}
          action="Delete for good"
          onClose={() => setAsking(false)}
          onConfirm={() => void attempt(remove.mutateAsync(name), () => `${name} is deleted.`)}
        >
          Tools that use it cannot any more. The value is gone and cannot be brought back.
        </ConfirmDialog>
      )}
    </li>
  );
}
