import { Button } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { PasswordField } from "../account/password-field.tsx";
import { sayError } from "../api/api-error.ts";
import { useChangePassword } from "../api/me.ts";
import { useToast } from "../ui/toast.tsx";

/** Changes the password. */
export function PasswordForm({ email }: { email: string }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  const toast = useToast();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { current_password: current, new_password: next },
          {
            onSuccess: () => {
              setCurrent("");
              setNext("");
              toast("Your password is changed.");
            },
          },
        );
      }}
    >
      {/* Password managers file the new password under this name. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <PasswordField label="Current password" value={current} onChange={setCurrent} />
      <PasswordField label="New password" fresh value={next} onChange={setNext} />
      <FormError message={change.isError ? sayError(change.error) : null} />
      <div className="row end">
        <Button type="submit" loading={change.isPending}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
