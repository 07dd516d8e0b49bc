import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import { useKeyActions } from "../api/keys.ts";
import { ShownOnce } from "../ui/shown-once.tsx";

/** Makes a key and shows it, once. */
export function NewKey({ owner }: { owner: boolean }) {
  const [name, setName] = useState("");
  const [service, setService] = useState(false);
  const { make } = useKeyActions();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate(
          { name: name.trim(), service: owner && service },
          {
            onSuccess: () => {
              setName("");
              setService(false);
            },
          },
        );
      }}
    >
      <div className="row" style={{ alignItems: "flex-end" }}>
        <TextInput
          style={{ flex: 1, minWidth: 180 }}
          label="New key"
          placeholder="What it is for"
          required
          withAsterisk={false}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={make.isPending}>
          Make a key
        </Button>
      </div>
      {owner && (
        <Checkbox
          label="Service key: may act for other users where a route allows it"
          checked={service}
          onChange={(event) => setService(event.currentTarget.checked)}
        />
      )}
      <FormError message={make.isError ? sayError(make.error) : null} />
      {make.data && <ShownOnce label="Copy this key now. It is not shown again." value={make.data.key} />}
    </form>
  );
}
