import { Button, Loader, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { sayError } from "../api/api-error.ts";
import { lookupInvitation, useAcceptInvitation } from "../api/me.ts";
import { AccountFrame, FormError } from "./account-frame.tsx";
import { PasswordField } from "./password-field.tsx";
import { useLinkToken } from "./use-link-token.ts";

/** Makes an account from an invitation link. */
export function AcceptInvitation() {
  const token = useLinkToken();
  const found = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => lookupInvitation(token ?? ""),
    enabled: token !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === null) return <BadLink message="The link is not complete. Open it again from the message that you were sent." />;
  if (found.isError) return <BadLink message={sayError(found.error)} />;
  if (!found.data) {
    return (
      <AccountFrame title="One moment">
        <Loader aria-label="Checking the invitation" />
      </AccountFrame>
    );
  }
  return <InvitationForm token={token} email={found.data.email} name={found.data.name} />;
}

function InvitationForm({ token, email, name: given }: { token: string; email: string; name: string }) {
  const [name, setName] = useState(given);
  const [password, setPassword] = useState("");
  const [, navigate] = useLocation();
  const accept = useAcceptInvitation();
  return (
    <AccountFrame title="Welcome to Margay" intro="You are invited to an agent of your own. Choose a password, and it is yours.">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          accept.mutate({ token, name: name.trim(), password }, { onSuccess: () => navigate("/") });
        }}
      >
        <TextInput label="E-mail" type="email" readOnly value={email} autoComplete="username" />
        <TextInput
          label="Your name"
          required
          withAsterisk={false}
          autoComplete="name"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordField label="Password" fresh value={password} onChange={setPassword} autoFocus />
        <FormError message={accept.isError ? sayError(accept.error) : null} />
        <Button type="submit" fullWidth size="md" loading={accept.isPending}>
          Start
        </Button>
      </form>
    </AccountFrame>
  );
}

/** A link that cannot be used, and what to do. */
export function BadLink({ message }: { message: string }) {
  return (
    <AccountFrame title="This link does not work" intro={message}>
      <p className="account-foot">Links can be used once and for a limited time. Ask the person who runs this Margay for a new one.</p>
      <Button component="a" href="/" variant="default" fullWidth>
        Go to the sign-in
      </Button>
    </AccountFrame>
  );
}
