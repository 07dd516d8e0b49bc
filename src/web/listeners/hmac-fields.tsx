import { NativeSelect, TextInput } from "@mantine/core";
import type { HookScheme } from "../api/listeners.ts";

type Hmac = Extract<HookScheme, { name: "hmac" }>;

/** How a service that is not known by name signs. */
export function HmacFields({ scheme, onChange }: { scheme: Hmac; onChange: (scheme: Hmac) => void }) {
  return (
    <div className="two">
      <TextInput
        label="Header with the signature"
        placeholder="x-signature"
        maxLength={80}
        autoComplete="off"
        spellCheck={false}
        value={scheme.header}
        onChange={(event) => onChange({ ...scheme, header: event.currentTarget.value })}
      />
      <TextInput
        label="What stands before it"
        placeholder="sha256="
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        value={scheme.prefix}
        onChange={(event) => onChange({ ...scheme, prefix: event.currentTarget.value })}
      />
      <NativeSelect
        label="Written as"
        data={[
          { value: "hex", label: "hexadecimal" },
          { value: "base64", label: "Base64" },
        ]}
        value={scheme.encoding}
        onChange={(event) => onChange({ ...scheme, encoding: event.currentTarget.value === "base64" ? "base64" : "hex" })}
      />
      <TextInput
        label="Header with the time"
        placeholder="None"
        maxLength={80}
        autoComplete="off"
        spellCheck={false}
        value={scheme.timestamp_header ?? ""}
        onChange={(event) => onChange({ ...scheme, timestamp_header: event.currentTarget.value === "" ? null : event.currentTarget.value })}
      />
    </div>
  );
}
