import { Button, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import { type EndpointInput, usePutProvider } from "../api/models.ts";
import { useToast } from "../ui/toast.tsx";
import { CATALOG } from "./provider-catalog.ts";
import { TestButton } from "./test-button.tsx";

/** Connects an endpoint with one's own key. The key can be tried before it is saved. */
export function ConnectForm({ onModels }: { onModels: (models: string[]) => void }) {
  const [chosen, setChosen] = useState("anthropic");
  const [key, setKey] = useState("");
  const [address, setAddress] = useState("");
  const [name, setName] = useState("");
  const save = usePutProvider();
  const toast = useToast();
  const entry = CATALOG.find((item) => item.id === chosen) ?? CATALOG[0];
  if (!entry) return null;
  const own = entry.id === "other";
  const baseUrl = own || entry.id === "ollama" ? address.trim() : (entry.baseUrl ?? "");

  const input: EndpointInput = { provider: entry.provider, endpoint: own ? name.trim() : entry.endpoint };
  if (key.trim() !== "") input.api_key = key.trim();
  if (baseUrl !== "") input.base_url = baseUrl;
  const ready = (!entry.needsKey || key.trim() !== "") && (!own || (name.trim() !== "" && baseUrl !== ""));

  const choose = (id: string) => {
    setChosen(id);
    setKey("");
    setName("");
    setAddress(CATALOG.find((item) => item.id === id)?.baseUrl ?? "");
    save.reset();
  };

  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        save.mutate(input, {
          onSuccess: () => {
            setKey("");
            toast(`${entry.name} is connected.`);
          },
        });
      }}
    >
      <NativeSelect
        label="Provider"
        data={CATALOG.map((item) => ({ value: item.id, label: item.name }))}
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <p className="dim">
        {entry.help}{" "}
        {entry.link !== null && (
          <a href={entry.link} target="_blank" rel="noopener noreferrer">
            Get {entry.needsKey ? "a key" : "it"}
          </a>
        )}
      </p>
      {own && (
        <TextInput
          label="Name"
          description="Lower-case letters, digits, - and _"
          placeholder="my-server"
          pattern="[a-z0-9][a-z0-9_\-]{0,31}"
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      {(own || entry.id === "ollama") && (
        <TextInput
          label="Address"
          type="url"
          placeholder="https://models.example.com/v1"
          required
          withAsterisk={false}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      )}
      {entry.id !== "ollama" && (
        <PasswordInput
          label={own ? "Key, if it needs one" : "Key"}
          autoComplete="off"
          data-1p-ignore
          required={entry.needsKey}
          withAsterisk={false}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the key", tabIndex: 0 }}
        />
      )}
      <FormError message={save.isError ? sayError(save.error) : null} />
      <div className="row end">
        <TestButton key={chosen} input={input} disabled={!ready} onModels={onModels} />
        <Button type="submit" size="xs" loading={save.isPending} disabled={!ready}>
          Save
        </Button>
      </div>
    </form>
  );
}
