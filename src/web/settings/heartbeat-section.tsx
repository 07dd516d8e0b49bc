import { usePatchSettings, useSettings } from "../api/settings.ts";
import { sayError } from "../api/api-error.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";
import { HeartbeatForm } from "./heartbeat-form.tsx";
import { HeartbeatLooks } from "./heartbeat-looks.tsx";
import { HeartbeatSwitch } from "./heartbeat-switch.tsx";

/** What the agent looks at when nobody asked it to: whether, for what, how often, and what came of it. */
export function HeartbeatSection() {
  const settings = useSettings();
  const save = usePatchSettings();
  const toast = useToast();
  return (
    <>
      <Section
        title="Looks by itself"
        intro="Now and then Margay looks whether something has changed, and speaks up only when it is worth it. As long as nothing has changed, no model is asked."
      >
        <QueryView query={settings} lines={1}>
          {({ heartbeat }) => (
            <HeartbeatSwitch
              on={heartbeat.on}
              busy={save.isPending}
              onFlip={(on) => save.mutate({ heartbeat: { on } }, { onError: (error) => toast(sayError(error), { tone: "error" }) })}
            />
          )}
        </QueryView>
      </Section>
      <Section title="What to look for, and when">
        <QueryView query={settings} lines={4}>
          {({ heartbeat }) => <HeartbeatForm key={JSON.stringify({ ...heartbeat, on: null })} heartbeat={heartbeat} />}
        </QueryView>
      </Section>
      <Section title="Last looks" intro="Looks that found something. Those that found nothing new are not listed.">
        <HeartbeatLooks />
      </Section>
    </>
  );
}
