import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ManagedUser, useUserActions } from "../api/users.ts";
import { parseUsd } from "./parse-usd.ts";

const asText = (cap: number | null): string => (cap === null ? "" : String(cap));

/** The most a person's agent may spend, in dollars. */
export function CapsForm({ user, onClose }: { user: ManagedUser; onClose: () => void }) {
  const [day, setDay] = useState(asText(user.day_cap_usd));
  const [month, setMonth] = useState(asText(user.month_cap_usd));
  const { change } = useUserActions();
  const dayCap = parseUsd(day);
  const monthCap = parseUsd(month);
  return (
    <form
      className="stack"
      style={{ flexBasis: "100%" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (dayCap === undefined || monthCap === undefined) return;
        change.mutate({ id: user.id, change: { day_cap_usd: dayCap, month_cap_usd: monthCap } }, { onSuccess: onClose });
      }}
    >
      <div className="two">
        <TextInput
          label="A day, in US dollars"
          description="Empty: no cap"
          inputMode="decimal"
          autoFocus
          error={dayCap === undefined ? "An amount, such as 2.50" : undefined}
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <TextInput
          label="A month, in US dollars"
          description="Empty: no cap"
          inputMode="decimal"
          error={monthCap === undefined ? "An amount, such as 20" : undefined}
          value={month}
          onChange={(event) => setMonth(event.currentTarget.value)}
        />
      </div>
      {change.isError && (
        <p className="error" role="alert">
          {sayError(change.error)}
        </p>
      )}
      <div className="row end">
        <Button variant="default" size="xs" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" size="xs" loading={change.isPending} disabled={dayCap === undefined || monthCap === undefined}>
          Save
        </Button>
      </div>
    </form>
  );
}
