import { Button, NativeSelect, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import { putSecret, type SecretUse, type SecretView } from "../api/secrets.ts";
import { useToast } from "../ui/toast.tsx";
import { PLACES, readUse } from "./secret-use.ts";

interface Props {
  /** The secret whose value is replaced; null: a new one. */
  replaces: SecretView | null;
  taken: readonly string[];
  onDone: () => void;
}

/** Stores a secret. Its value stays in the field alone, is read from there once, and the field is emptied when it is stored. */
export function SecretForm({ replaces, taken, onDone }: Props) {
  const value = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(replaces?.name ?? "");
  const [hosts, setHosts] = useState((replaces?.use?.hosts ?? []).join("\n"));
  const [place, setPlace] = useState<SecretUse["place"]>(replaces?.use?.place ?? "bearer");
  const [header, setHeader] = useState(replaces?.use?.header ?? "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const queries = useQueryClient();
  const toast = useToast();
  const known = replaces === null && taken.includes(name);

  useEffect(() => {
    // Whoever pressed Replace goes on typing here.
    if (replaces !== null) value.current?.focus();
  }, [replaces]);

  const store = async () => {
    const field = value.current;
    if (busy || field === null || (field.value === "" && replaces === null)) return;
    setBusy(true);
    setError(null);
    try {
      const use = readUse(hosts, place, header);
      await putSecret(name, field.value === "" ? undefined : field.value, known && use === null ? undefined : use);
      field.value = "";
      setName("");
      setHosts("");
      setHeader("");
      toast(`${name} is stored.`);
      for (const key of ["secrets", "audit"]) void queries.invalidateQueries({ queryKey: [key] });
      onDone();
    } catch (failure) {
      setError(sayError(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      className="stack"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void store();
      }}
    >
      {replaces === null && (
        <TextInput
          label="Name"
          description="Lower-case letters, digits, dots, - and _"
          placeholder="github"
          pattern="[a-z0-9][a-z0-9_.\-]{0,63}"
          title="1 to 64 lower-case letters, digits, dots, - or _"
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          error={known ? "There is one of this name; storing replaces it." : undefined}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <PasswordInput
        ref={value}
        label={replaces === null ? "Value" : "New value"}
        description={replaces === null ? undefined : "Empty: the stored value stays, and only where it may go changes."}
        required={replaces === null}
        withAsterisk={false}
        maxLength={20_000}
        autoComplete="off"
        data-1p-ignore
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the value", tabIndex: 0 }}
      />
      <Textarea
        label="Hosts it may go to"
        description={`One a line, such as api.github.com or *.example.com. Empty: ${known ? "where it may go now" : "no tool may use it"}.`}
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        value={hosts}
        onChange={(event) => setHosts(event.currentTarget.value)}
      />
      {hosts.trim() !== "" && (
        <NativeSelect
          label="How it is sent"
          data={PLACES.map((item) => ({ value: item.place, label: item.name }))}
          value={place}
          onChange={(event) => setPlace(PLACES.find((item) => item.place === event.currentTarget.value)?.place ?? "bearer")}
        />
      )}
      {hosts.trim() !== "" && place === "header" && (
        <TextInput
          label="Name of the header"
          placeholder="X-Api-Key"
          pattern="[A-Za-z][A-Za-z0-9\-]{0,60}"
          required
          withAsterisk={false}
          autoComplete="off"
          value={header}
          onChange={(event) => setHeader(event.currentTarget.value)}
        />
      )}
      <FormError message={error} />
      <div className="row end">
        {replaces !== null && (
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        )}
        <Button type="submit" loading={busy}>
          {replaces !== null ? "Change" : known ? "Replace" : "Store"}
        </Button>
      </div>
    </form>
  );
}
