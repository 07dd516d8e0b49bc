import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { type ProfileView, useProfiles } from "../api/tasks.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { ProfileDialog } from "./profile-dialog.tsx";
import { ProfileRow } from "./profile-row.tsx";

/** Who works in the background: Margay's own profiles and the user's. */
export default function ProfilesPage() {
  const query = useProfiles();
  const [open, setOpen] = useState<{ profile: ProfileView | null; copy: ProfileView | null } | null>(null);
  const begin = useRef<HTMLButtonElement>(null);
  return (
    <Page title="Profiles" intro="A profile is who works on a task: what it is for, what it is told, which tools and how much it may use.">
      <Link href="/tasks" className="back">
        <Icon name="back" size={16} /> Tasks
      </Link>
      <div className="row page-bar">
        <span />
        <Button
          ref={begin}
          leftSection={<Icon name="plus" size={17} />}
          disabled={query.data === undefined}
          onClick={() => setOpen({ profile: null, copy: null })}
        >
          New profile
        </Button>
      </div>
      <QueryView query={query}>
        {({ profiles, choices }) => {
          const rows = (own: boolean) => profiles.filter((item) => item.built_in !== own);
          return (
            <>
              {[true, false].map((own) => {
                const list = rows(own);
                if (list.length === 0) return null;
                return (
                  <section key={String(own)} aria-label={own ? "Your own" : "Margay’s own"}>
                    <h2 className="group">{own ? "Your own" : "Margay’s own"}</h2>
                    <ul className="auto-list">
                      {list.map((profile) => (
                        <ProfileRow
                          key={profile.name}
                          profile={profile}
                          onChange={() => setOpen({ profile, copy: null })}
                          onCopy={() => setOpen({ profile: null, copy: profile })}
                          onDeleted={() => begin.current?.focus()}
                        />
                      ))}
                    </ul>
                  </section>
                );
              })}
              {open && <ProfileDialog {...open} profiles={profiles} tools={choices.tools} onClose={() => setOpen(null)} />}
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}
