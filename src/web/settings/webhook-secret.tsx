import { Button } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { useRotateWebhookSecret, useWebhookSecret } from "../api/keys.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";

/** The signing secret: made when wanted, covered until asked for, replaced with a warning. */
export function WebhookSecret({ userId }: { userId: string }) {
  const secret = useWebhookSecret();
  const rotate = useRotateWebhookSecret();
  const [shown, setShown] = useState(false);
  const [asking, setAsking] = useState(false);
  const toast = useToast();
  const make = () => rotate.mutate(undefined, { onError: (error) => toast(sayError(error), { tone: "error" }) });
  return (
    <QueryView query={secret} lines={1}>
      {(value) =>
        value === null ? (
          <div>
            <Button variant="default" onClick={make} loading={rotate.isPending}>
              Make a signing secret
            </Button>
          </div>
        ) : (
          <>
            <div className="once-value">
              <code>{shown ? value : "•".repeat(24)}</code>
              <CopyButton text={value} label="Copy the secret" size={36} />
            </div>
            <p className="dim">
              Signed requests name you as <code>"user": "{userId}"</code> in their body.
            </p>
            <div className="row">
              <Button variant="default" size="xs" onClick={() => setShown(!shown)}>
                {shown ? "Hide" : "Show"}
              </Button>
              <Button variant="subtle" color="red" size="xs" onClick={() => setAsking(true)}>
                Replace
              </Button>
            </div>
            {asking && (
              <ConfirmDialog title="Replace the signing secret?" action="Replace" onClose={() => setAsking(false)} onConfirm={make}>
                Services that sign with the old one are refused from now on.
              </ConfirmDialog>
            )}
          </>
        )
      }
    </QueryView>
  );
}
