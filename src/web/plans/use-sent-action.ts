import { usePlaybooks } from "../api/playbooks.ts";
import type { ScheduleAction } from "../api/schedules.ts";
import { givenValues, missingValues } from "./variables.ts";

interface Sent {
  /** As it is sent: of a playbook only what it asks for and what differs from its usual values. */
  action: ScheduleAction;
  /** What has still to be filled in, in a sentence; null: nothing. */
  unfilled: string | null;
}

/** What is sent of an action. `given`: variables of a playbook that are filled by what happens. */
export function useSentAction(action: ScheduleAction, given: readonly string[] = []): Sent {
  const known = usePlaybooks(action.kind === "playbook").data ?? [];
  if (action.kind !== "playbook") return { action, unfilled: null };
  const playbook = known.find(({ name }) => name === action.playbook);
  // One that is not there is the server's to refuse.
  if (playbook === undefined) return { action, unfilled: null };
  const asked = playbook.variables.filter(({ name }) => !given.includes(name));
  const missing = missingValues(asked, action.variables);
  return {
    action: { ...action, variables: givenValues(asked, action.variables) },
    unfilled: missing.length === 0 ? null : `Fill in: ${missing.join(", ")}.`,
  };
}
