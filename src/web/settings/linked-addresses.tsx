import { Button } from "@mantine/core";
import { useState } from "react";
import { type EmailView, useEmailActions } from "../api/email.ts";
import { clock, dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";

/** Addresses that are linked, and those that wait for a mail with their code. */
export function LinkedAddresses({ data: { senders, waiting } }: { data: EmailView }) {
  const [removing, setRemoving] = useState<EmailView["senders"][number] | null>(null);
  const { unlink } = useEmailActions();
  const attempt = useAttempt();
  const now = useNow();
  if (senders.length + waiting.length === 0) return null;
  return (
    <>
      <ul className="items">
        {senders.map((sender) => (
          <li key={sender.id}>
            <div className="item-text">
              <b>{sender.address}</b>
              <span>Linked: {dayName(now, sender.linked_at)}</span>
            </div>
            <Button variant="subtle" color="red" size="xs" aria-label={`Unlink ${sender.address}`} onClick={() => setRemoving(sender)}>
              Unlink
            </Button>
          </li>
        ))}
        {waiting.map(({ id, address, expires_at }) => (
          <li key={id}>
            <div className="item-text">
              <b>{address}</b>
              <span>
                Waits for a mail with its code, until {dayName(now, expires_at).toLowerCase()}, {clock(expires_at)}
              </span>
            </div>
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              aria-label={`Withdraw ${address}`}
              onClick={() => void attempt(unlink.mutateAsync(id), () => `${address} is not linked.`)}
            >
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      {removing && (
        <ConfirmDialog
          title={`Unlink ${removing.address}?`}
          action="Unlink"
          onClose={() => setRemoving(null)}
          onConfirm={() => void attempt(unlink.mutateAsync(removing.id), () => `${removing.address} is unlinked.`)}
        >
          Its mail is a stranger’s from now on, and no answer goes there any more.
        </ConfirmDialog>
      )}
    </>
  );
}
