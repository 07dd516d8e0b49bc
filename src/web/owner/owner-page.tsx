import type { Me } from "../api/me.ts";
import { useUsers } from "../api/users.ts";
import { Icon } from "../ui/icons.tsx";
import { InlineCode } from "../ui/inline-code.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { Invitations } from "./invitations.tsx";
import { InviteForm } from "./invite-form.tsx";
import { UserRow } from "./user-row.tsx";

/** Who has an agent here, what each costs, and how to let somebody in. For the owner and admins. */
export default function OwnerPage({ me }: { me: Me }) {
  const users = useUsers();
  return (
    <Page title="People">
      {me.warnings.map((warning) => (
        <div className="note" key={warning} style={{ marginBottom: 14 }}>
          <Icon name="warn" size={18} />
          <span>
            <InlineCode text={warning} />
          </span>
        </div>
      ))}
      <Section title="Everyone" intro="Costs are of the current day and month (UTC).">
        <QueryView query={users}>
          {(list) => (
            <ul className="items">
              {list.map((user) => (
                <UserRow key={user.id} user={user} me={me} />
              ))}
            </ul>
          )}
        </QueryView>
      </Section>
      <Section title="Invite somebody" intro="You get a link to pass on. It works once, for seven days.">
        <InviteForm me={me} />
        <Invitations />
      </Section>
    </Page>
  );
}
