import { Button, NativeSelect } from "@mantine/core";
import { Link } from "wouter";
import { sayError } from "../api/api-error.ts";
import { type Me, useSignOut } from "../api/me.ts";
import { usePatchSettings, useSettings } from "../api/settings.ts";
import { browserTimeZone } from "../lib/time.ts";
import { ThemeSwitch } from "../shell/theme-switch.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";
import { PasswordForm } from "./password-form.tsx";
import { PersonaForm } from "./persona-form.tsx";

/** Who one is here, the time zone, the password. */
export function ProfileSection({ me }: { me: Me }) {
  const signOut = useSignOut();
  return (
    <>
      <Section title="Account">
        <div className="row">
          <div className="item-text">
            <b>{me.name}</b>
            <span>
              {me.email}, {me.role}
            </span>
          </div>
          <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
            Sign out
          </Button>
        </div>
      </Section>
      <Section title="How Margay should be" intro="In your own words. It is told this with everything you ask.">
        <PersonaForm />
      </Section>
      <Section title="Time zone" intro="Due dates and reminders are understood in this zone.">
        <TimeZone />
      </Section>
      <Section title="Bring your past" intro="From OpenClaw, ChatGPT, Claude, or a folder of Markdown.">
        <div>
          <Button component={Link} href="/import" variant="default">
            Import
          </Button>
        </div>
      </Section>
      <Section title="Colours" intro="Kept in this browser.">
        <div>
          <ThemeSwitch />
        </div>
      </Section>
      <Section title="Password" intro="Changing it signs you out everywhere else. API keys stay.">
        <PasswordForm email={me.email} />
      </Section>
    </>
  );
}

function TimeZone() {
  const settings = useSettings();
  const change = usePatchSettings();
  const toast = useToast();
  const set = (zone: string) =>
    change.mutate(
      { time_zone: zone },
      { onSuccess: () => toast(`Times are now in ${zone}.`), onError: (error) => toast(sayError(error), { tone: "error" }) },
    );
  return (
    <QueryView query={settings} lines={1}>
      {(data) => {
        const current = data.time_zone ?? "";
        const here = browserTimeZone();
        return (
          <div className="row">
            <NativeSelect
              aria-label="Time zone"
              data={zones(current)}
              value={current}
              onChange={(event) => set(event.currentTarget.value)}
            />
            {current !== here && (
              <Button variant="default" onClick={() => set(here)}>
                Use {here}
              </Button>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

/** Every zone the browser knows, and the current one even if it is not among them. */
function zones(current: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set([current, "UTC", ...known])].filter((zone) => zone !== "");
}
