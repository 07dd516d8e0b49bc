import { Button } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { sayError } from "../api/api-error.ts";
import { useResetPassword } from "../api/me.ts";
import { BadLink } from "./accept-invitation.tsx";
import { AccountFrame, FormError } from "./account-frame.tsx";
import { PasswordField } from "./password-field.tsx";
import { useLinkToken } from "./use-link-token.ts";

/** Sets a new password from a reset link. */
export function ResetPassword() {
  const token = useLinkToken();
  const [password, setPassword] = useState("");
  const [, navigate] = useLocation();
  const reset = useResetPassword();
  if (token === null) return <BadLink message="The link is not complete. Open it again from the message that you were sent." />;
  return (
    <AccountFrame title="Choose a new password" intro="You are signed in with it at once, and signed out everywhere else.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          reset.mutate({ token, password }, { onSuccess: () => navigate("/") });
        }}
      >
        <PasswordField label="New password" fresh value={password} onChange={setPassword} autoFocus />
        <FormError message={reset.isError ? sayError(reset.error) : null} />
        <Button type="submit" fullWidth size="md" loading={reset.isPending}>
          Change the password
        </Button>
      </form>
    </AccountFrame>
  );
}
