import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import { useEmailActions } from "../api/email.ts";
import { ShownOnce } from "../ui/shown-once.tsx";

/** Links an address: gives the code that a mail from there must bring. */
export function LinkAddress() {
  const [address, setAddress] = useState("");
  const { link } = useEmailActions();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        link.mutate(address.trim(), { onSuccess: () => setAddress("") });
      }}
    >
      <div className="row" style={{ alignItems: "flex-end" }}>
        <TextInput
          style={{ flex: 1, minWidth: 180 }}
          label="Link an address"
          placeholder="ana@example.com"
          type="email"
          required
          withAsterisk={false}
          autoComplete="email"
          maxLength={320}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" loading={link.isPending}>
          Get a code
        </Button>
      </div>
      <FormError message={link.isError ? sayError(link.error) : null} />
      {link.data && (
        <ShownOnce
          label={`Send a mail from ${link.data.address} to ${link.data.send_to} with this code in its subject or text. It is good for a day.`}
          value={link.data.code}
        />
      )}
    </form>
  );
}
