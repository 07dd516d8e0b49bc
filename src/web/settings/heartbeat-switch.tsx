import { Switch } from "@mantine/core";
import { useHeartbeat } from "../api/heartbeat.ts";
import { useNow } from "../lib/use-now.ts";
import { nextLook } from "./heartbeat-words.ts";

/** On or off, with when it looks next. */
export function HeartbeatSwitch({ on, busy, onFlip }: { on: boolean; busy: boolean; onFlip: (on: boolean) => void }) {
  const status = useHeartbeat().data;
  const now = useNow();
  return (
    <Switch
      label="Look by itself"
      description={on ? nextLook(now, status) : "Margay speaks only when it is spoken to, and when a schedule is due."}
      checked={on}
      disabled={busy}
      onChange={(event) => onFlip(event.currentTarget.checked)}
    />
  );
}
