import { NativeSelect } from "@mantine/core";
import type { Missed } from "../api/schedules.ts";

const CHOICES = [
  { value: "once", label: "Do it once, late" },
  { value: "skip", label: "Skip it" },
];

/** What happens with times that were missed. What is due a single time is always made up for. */
export function MissedField({ missed, once, onChange }: { missed: Missed; once: boolean; onChange: (missed: Missed) => void }) {
  return (
    <NativeSelect
      label="If its time is missed"
      description={once ? "It is due once: always made up for" : "Such as while Margay was away"}
      data={CHOICES}
      disabled={once}
      value={once ? "once" : missed}
      onChange={(event) => onChange(event.currentTarget.value === "skip" ? "skip" : "once")}
    />
  );
}
