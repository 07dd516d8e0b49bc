import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { useSetup } from "../api/me.ts";
import { AccountFrame, FormError } from "./account-frame.tsx";
import { PasswordField } from "./password-field.tsx";

/** The first account of a new Margay, made with the one-time code. */
export function Setup() {
  const [fields, setFields] = useState({ code: "", name: "", email: "", password: "" });
  const setup = useSetup();
  const field = (name: "code" | "name" | "email") => ({
    value: fields[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFields((known) => ({ ...known, [name]: value }));
    },
  });
  return (
    <AccountFrame
      title="Set up your Margay"
      intro={
        <>
          This makes the owner’s account. The code is the secret <code>SETUP_CODE</code> of your deployment; if you set none, one was
          printed to its log (<code>npx wrangler tail</code>).
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setup.mutate({ code: fields.code.trim(), name: fields.name.trim(), email: fields.email.trim(), password: fields.password });
        }}
      >
        <TextInput label="Setup code" required withAsterisk={false} autoComplete="one-time-code" autoFocus {...field("code")} />
        <TextInput label="Your name" required withAsterisk={false} autoComplete="name" maxLength={100} {...field("name")} />
        <TextInput label="E-mail" type="email" required withAsterisk={false} autoComplete="username" {...field("email")} />
        <PasswordField
          label="Password"
          fresh
          value={fields.password}
          onChange={(password) => setFields((known) => ({ ...known, password }))}
        />
        <FormError message={setup.isError ? sayError(setup.error) : null} />
        <Button type="submit" fullWidth size="md" loading={setup.isPending}>
          Create the owner’s account
        </Button>
      </form>
    </AccountFrame>
  );
}
