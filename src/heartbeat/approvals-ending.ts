import type { ApprovalRow } from "../db/object/approvals.ts";
import { visible } from "../permission/visible.ts";
import { earliest, type HeartbeatSource } from "./source.ts";

/** So long before it counts as a no, what waits for the user's yes is told once more. */
const BEFORE_MS = 3_600_000;

type Waiting = Pick<ApprovalRow, "id" | "seq" | "description" | "expiresAt" | "createdAt" | "tainted">;

/** Approvals that run out unanswered. Those that never wait longer were just asked. */
export function approvalsEnding(pending: () => readonly Waiting[]): HeartbeatSource {
  return {
    look(now) {
      const waiting = pending().filter(({ expiresAt, createdAt }) => expiresAt - createdAt > 2 * BEFORE_MS);
      const changes = waiting
        .filter(({ expiresAt }) => expiresAt - BEFORE_MS <= now && expiresAt > now)
        .map(({ id, seq, description, tainted }) => ({
          id: `approval:${id}`,
          text: `Still waits for your yes, and soon counts as a no: ${visible(description)} (/approve ${seq})`,
          tainted,
        }));
      const instants = waiting.map(({ expiresAt }) => expiresAt - BEFORE_MS);
      return { changes, next: earliest(instants, now) };
    },
  };
}
