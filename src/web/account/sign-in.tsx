import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError, sayError } from "../api/api-error.ts";
import { onLoopback, useLoopback, useSignIn } from "../api/me.ts";
import { AccountFrame, FormError } from "./account-frame.tsx";
import { PasswordField } from "./password-field.tsx";

/** E-mail and password. Accounts are made by invitation only. */
export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  const loopback = useLoopback();
  return (
    <AccountFrame title="Welcome back" intro="Sign in to your Margay.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ email: email.trim(), password });
        }}
      >
        <TextInput
          label="E-mail"
          type="email"
          required
          withAsterisk={false}
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordField label="Password" value={password} onChange={setPassword} />
        <FormError message={signIn.isError ? say(signIn.error) : null} />
        <Button type="submit" fullWidth size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
      {onLoopback() && !loopback.isError && (
        <Button variant="subtle" fullWidth onClick={() => loopback.mutate()} loading={loopback.isPending}>
          Continue as the owner
        </Button>
      )}
      <p className="account-foot">No account, or forgot the password? Ask the person who runs this Margay for a link.</p>
    </AccountFrame>
  );
}

/** The same sentence whether the address or the password is wrong. */
function say(error: unknown): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 400))
    return "The e-mail address or the password is not right.";
  return sayError(error);
}
