import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import { useTelegramActions } from "../api/telegram.ts";
import { useToast } from "../ui/toast.tsx";

/** Links a Telegram account by its code, in two steps: first it is shown whose code it is. */
export function PairForm() {
  const [code, setCode] = useState("");
  const { lookup, pair } = useTelegramActions();
  const toast = useToast();
  const failed = lookup.error ?? pair.error;
  const reset = () => {
    setCode("");
    lookup.reset();
    pair.reset();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        lookup.mutate(code.trim());
      }}
    >
      <div className="row" style={{ alignItems: "flex-end" }}>
        <TextInput
          label="Pairing code"
          required
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          readOnly={lookup.isSuccess}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {!lookup.isSuccess && (
          <Button type="submit" loading={lookup.isPending}>
            Check the code
          </Button>
        )}
      </div>
      <FormError message={failed ? sayError(failed) : null} />
      {lookup.data && (
        <div className="once">
          <span>
            This code is from <b>{lookup.data.name}</b>. Link it only if that is you: whoever has this account can talk to your agent.
          </span>
          <div className="row">
            <Button
              size="xs"
              loading={pair.isPending}
              onClick={() =>
                pair.mutate(code.trim(), {
                  onSuccess: (identity) => {
                    reset();
                    toast(`${identity.label} is linked.`);
                  },
                })
              }
            >
              Yes, link it
            </Button>
            <Button size="xs" variant="default" onClick={reset}>
              That is not me
            </Button>
          </div>
        </div>
      )}
    </form>
  );
}
