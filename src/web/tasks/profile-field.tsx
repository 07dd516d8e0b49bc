import { NativeSelect } from "@mantine/core";
import { useProfiles } from "../api/tasks.ts";

/** Who is to work on it. One that is not there any more stays chosen until another is. */
export function ProfileField({ profile, onChange }: { profile: string; onChange: (profile: string) => void }) {
  const known = useProfiles().data?.profiles ?? [];
  const names = [...new Set([...known.map(({ name }) => name), profile])];
  const purpose = known.find(({ name }) => name === profile)?.purpose;
  return (
    <NativeSelect
      label="Profile"
      description={purpose ?? "Who works on it"}
      data={names}
      value={profile}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
