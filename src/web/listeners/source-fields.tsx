import { NativeSelect, TextInput } from "@mantine/core";
import type { ListenerSource } from "../api/listeners.ts";
import { minutesText } from "../settings/minutes.ts";
import { MailHint } from "./mail-hint.tsx";
import { HmacFields } from "./hmac-fields.tsx";
import { KINDS, newScheme, PACES, SCHEMES } from "./listener-words.ts";

/** Where it happens: which service calls, or what is looked at and how often. */
export function SourceFields({ source, onChange }: { source: ListenerSource; onChange: (source: ListenerSource) => void }) {
  const what = KINDS.find((item) => item.kind === source.kind)?.what;
  if (source.kind === "hook") {
    return (
      <>
        <NativeSelect
          label="Which service calls"
          description={what}
          data={SCHEMES.map(({ name, title }) => ({ value: name, label: title }))}
          value={source.scheme.name}
          onChange={(event) => onChange({ kind: "hook", scheme: newScheme(event.currentTarget.value) })}
        />
        {source.scheme.name === "hmac" && <HmacFields scheme={source.scheme} onChange={(scheme) => onChange({ kind: "hook", scheme })} />}
      </>
    );
  }
  if (source.kind === "mail") return <MailHint />;
  if (source.kind === "file") {
    return (
      <TextInput
        label="In the folder"
        description={what}
        placeholder="/uploads"
        maxLength={1_024}
        autoComplete="off"
        value={source.folder}
        onChange={(event) => onChange({ kind: "file", folder: event.currentTarget.value })}
      />
    );
  }
  const paces = [...new Set([...PACES, source.minutes])].toSorted((a, b) => a - b);
  return (
    <>
      <TextInput
        label={source.kind === "feed" ? "Address of the feed" : "Address of the page"}
        description={what}
        type="url"
        placeholder={source.kind === "feed" ? "https://example.com/feed.xml" : "https://example.com/prices"}
        maxLength={2_000}
        autoComplete="off"
        value={source.url}
        onChange={(event) => onChange({ ...source, url: event.currentTarget.value })}
      />
      <div className="two">
        <NativeSelect
          label="Looked at every"
          data={paces.map((value) => ({ value: String(value), label: minutesText(value) }))}
          value={String(source.minutes)}
          onChange={(event) => onChange({ ...source, minutes: Number(event.currentTarget.value) })}
        />
        {source.kind === "page" && (
          <TextInput
            label="Only lines with"
            placeholder="All of the text"
            maxLength={300}
            autoComplete="off"
            value={source.contains ?? ""}
            onChange={(event) => onChange({ ...source, contains: event.currentTarget.value === "" ? null : event.currentTarget.value })}
          />
        )}
      </div>
    </>
  );
}
