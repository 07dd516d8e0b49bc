import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import type { Me } from "../api/me.ts";
import { useInvitationActions } from "../api/users.ts";
import { ShownOnce } from "../ui/shown-once.tsx";

/** Makes an invitation link. */
export function InviteForm({ me }: { me: Me }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<"admin" | "user">("user");
  const { invite } = useInvitationActions();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate(
          { email: email.trim(), name: name.trim(), role },
          {
            onSuccess: () => {
              setEmail("");
              setName("");
            },
          },
        );
      }}
    >
      <div className="two">
        <TextInput
          label="E-mail"
          type="email"
          required
          withAsterisk={false}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label="Name, if you know it"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      {me.role === "owner" && (
        <NativeSelect
          label="Role"
          data={[
            { value: "user", label: "User: an agent of their own" },
            { value: "admin", label: "Admin: may also manage users" },
          ]}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value === "admin" ? "admin" : "user")}
        />
      )}
      <FormError message={invite.isError ? sayError(invite.error) : null} />
      <div className="row end">
        <Button type="submit" loading={invite.isPending}>
          Make a link
        </Button>
      </div>
      {invite.data && <ShownOnce label={`Pass this link on to ${invite.data.email}. It is not shown again.`} value={invite.data.link} />}
    </form>
  );
}
