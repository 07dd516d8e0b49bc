import { z } from "zod";
import { ClientFrame } from "../../channels/socket-protocol.ts";
import type { Pending } from "./chat-state.ts";

const key = (userId: string) => `margay-unsent-${userId}`;

const Stored = z.array(z.object({ frame: ClientFrame, at: z.number(), error: z.string().nullable() }));

/** What was not confirmed before the page was reloaded. Kept for this tab only; ids make sending it again safe. */
export function restoreUnsent(userId: string): Pending[] {
  try {
    const parsed = Stored.safeParse(JSON.parse(sessionStorage.getItem(key(userId)) ?? "[]"));
    if (!parsed.success) return [];
    return parsed.data.flatMap(({ frame, at, error }) =>
      frame.type === "say" || frame.type === "edit" || frame.type === "regenerate" ? [{ frame, at, error }] : [],
    );
  } catch {
    return [];
  }
}

export function keepUnsent(userId: string, pending: Pending[]): void {
  try {
    if (pending.length === 0) sessionStorage.removeItem(key(userId));
    else sessionStorage.setItem(key(userId), JSON.stringify(pending));
  } catch {
    // Storage is off or full: what is on the screen is still sent.
  }
}
