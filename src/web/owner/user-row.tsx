import { Button } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import type { Me } from "../api/me.ts";
import { type ManagedUser, useUserActions } from "../api/users.ts";
import { dayName } from "../lib/time.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { useToast } from "../ui/toast.tsx";
import { CapsForm } from "./caps-form.tsx";
import { useNow } from "../lib/use-now.ts";

const usd = (amount: number) => `$${amount.toFixed(2)}`;
const capped = (spent: number, cap: number | null) => (cap === null ? usd(spent) : `${usd(spent)} of ${usd(cap)}`);

/** One person: role, state, costs, and what may be done about them. What is offered follows the API's rules; it decides. */
export function UserRow({ user, me }: { user: ManagedUser; me: Me }) {
  const [open, setOpen] = useState<"caps" | "remove" | "suspend" | null>(null);
  const { change, remove, resetLink } = useUserActions();
  const toast = useToast();
  const now = useNow();
  const onError = (error: unknown) => toast(sayError(error), { tone: "error" });
  const self = user.id === me.id;
  const manageable = !self && user.role !== "owner" && (me.role === "owner" || user.role === "user");
  const suspend = (suspended: boolean) => change.mutate({ id: user.id, change: { suspended } }, { onError });
  return (
    <li>
      <div className="item-text">
        <b>{user.name === "" ? user.email : user.name}</b>
        <span>{user.email}</span>
        <br />
        <span>
          Today {capped(user.cost_today_usd, user.day_cap_usd)}, this month {capped(user.cost_month_usd, user.month_cap_usd)}.{" "}
          {user.last_active_at === null ? "Not active yet" : `Active: ${dayName(now, user.last_active_at).toLowerCase()}`}
        </span>
      </div>
      <span className="tag" data-tone={user.suspended ? "bad" : undefined}>
        {user.suspended ? "suspended" : self ? `${user.role}, you` : user.role}
      </span>
      <div className="row" style={{ flexBasis: "100%" }}>
        <Button variant="default" size="xs" aria-expanded={open === "caps"} onClick={() => setOpen(open === "caps" ? null : "caps")}>
          Budget
        </Button>
        <Button variant="default" size="xs" loading={resetLink.isPending} onClick={() => resetLink.mutate(user.id, { onError })}>
          Reset link
        </Button>
        {manageable && me.role === "owner" && (
          <Button
            variant="default"
            size="xs"
            onClick={() => change.mutate({ id: user.id, change: { role: user.role === "admin" ? "user" : "admin" } }, { onError })}
          >
            {user.role === "admin" ? "Make a user" : "Make an admin"}
          </Button>
        )}
        {manageable && (
          <>
            <Button variant="default" size="xs" onClick={() => (user.suspended ? suspend(false) : setOpen("suspend"))}>
              {user.suspended ? "Let in again" : "Suspend"}
            </Button>
            <Button variant="subtle" color="red" size="xs" onClick={() => setOpen("remove")}>
              Remove
            </Button>
          </>
        )}
      </div>
      {resetLink.data && (
        <div style={{ flexBasis: "100%" }}>
          <ShownOnce label="Pass this link on. It sets a new password, once, within 24 hours." value={resetLink.data.link} />
        </div>
      )}
      {open === "caps" && <CapsForm user={user} onClose={() => setOpen(null)} />}
      {open === "suspend" && (
        <ConfirmDialog title={`Suspend ${user.email}?`} action="Suspend" onClose={() => setOpen(null)} onConfirm={() => suspend(true)}>
          They are signed out everywhere and their agent stops. Nothing is deleted; you can let them in again.
        </ConfirmDialog>
      )}
      {open === "remove" && (
        <ConfirmDialog
          title={`Remove ${user.email}?`}
          action="Remove for good"
          typed={user.email}
          onClose={() => setOpen(null)}
          onConfirm={() => remove.mutate(user.id, { onSuccess: () => toast(`${user.email} is removed.`), onError })}
        >
          The account, its conversation, to-dos, keys and files are deleted. This cannot be undone.
        </ConfirmDialog>
      )}
    </li>
  );
}
