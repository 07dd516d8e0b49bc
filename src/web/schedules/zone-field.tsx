import { NativeSelect } from "@mantine/core";

interface Props {
  /** null: the user's, wherever they go. */
  zone: string | null;
  mine: string;
  onChange: (zone: string | null) => void;
}

/** Whose clock it goes by. */
export function ZoneField({ zone, mine, onChange }: Props) {
  const zones = [...new Set([...(zone === null ? [] : [zone]), "UTC", ...Intl.supportedValuesOf("timeZone")])];
  return (
    <NativeSelect
      label="Time zone"
      description={zone === null ? "Changes when you travel" : "Stays, wherever you are"}
      data={[{ value: "", label: `Mine, now ${mine}` }, ...zones.map((name) => ({ value: name, label: name }))]}
      value={zone ?? ""}
      onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
    />
  );
}
