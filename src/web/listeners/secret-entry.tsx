import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ListenerView, useListenerActions } from "../api/listeners.ts";
import { useToast } from "../ui/toast.tsx";

interface Props {
  id: string;
  service: string;
  /** One was entered before. */
  set: boolean;
  onSaved: (listener: ListenerView) => void;
}

/** Takes a signing secret that the service made. */
export function SecretEntry({ id, service, set, onSaved }: Props) {
  const [secret, setSecret] = useState("");
  const [error, setError] = useState<string | null>(null);
  const { rotate } = useListenerActions();
  const toast = useToast();
  const save = async () => {
    setError(null);
    try {
      const { listener } = await rotate.mutateAsync({ id, secret: secret.trim() });
      setSecret("");
      onSaved(listener);
      toast("The secret is kept.");
    } catch (failure) {
      setError(sayError(failure));
    }
  };
  return (
    <form
      className="secret-entry"
      onSubmit={(event) => {
        event.preventDefault();
        if (secret.trim() !== "") void save();
      }}
    >
      <PasswordInput
        label={`Signing secret of ${service}`}
        description={set ? "A new one takes its place; the one before is taken for 24 hours more" : undefined}
        autoComplete="off"
        data-1p-ignore
        maxLength={500}
        value={secret}
        error={error}
        onChange={(event) => {
          setSecret(event.currentTarget.value);
          setError(null);
        }}
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the secret", tabIndex: 0 }}
      />
      <Button type="submit" variant="default" loading={rotate.isPending} aria-disabled={secret.trim() === ""}>
        Keep it
      </Button>
    </form>
  );
}
