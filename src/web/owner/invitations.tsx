import { Button } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import { useInvitationActions, useInvitations } from "../api/users.ts";
import { dayName } from "../lib/time.ts";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";
import { useNow } from "../lib/use-now.ts";

/** Invitations that nobody accepted yet. */
export function Invitations() {
  const invitations = useInvitations();
  const { withdraw } = useInvitationActions();
  const toast = useToast();
  const now = useNow();
  return (
    <QueryView query={invitations} lines={1}>
      {(list) =>
        list.length > 0 && (
          <ul className="items">
            {list.map((invitation) => (
              <li key={invitation.id}>
                <div className="item-text">
                  <b>{invitation.email}</b>
                  <span>
                    Invited as {invitation.role}, open until {dayName(now, invitation.expires_at)}
                  </span>
                </div>
                <Button
                  variant="subtle"
                  color="red"
                  size="xs"
                  aria-label={`Withdraw the invitation of ${invitation.email}`}
                  onClick={() => withdraw.mutate(invitation.id, { onError: (error) => toast(sayError(error), { tone: "error" }) })}
                >
                  Withdraw
                </Button>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
