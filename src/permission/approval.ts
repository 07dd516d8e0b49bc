import { z } from "zod";
import type { Effect } from "./effect.ts";

/**
 * How far an approval is. `pending` waits for a person; `approved` may run, once; `executing` runs, and found so after a crash nobody knows whether it did, so it becomes
 * `unknown` and is not repeated by itself; the rest are ends.
 */
export const ApprovalState = z.enum(["pending", "approved", "executing", "done", "failed", "unknown", "denied", "expired"]);
export type ApprovalState = z.infer<typeof ApprovalState>;

export type ApprovalEvent = "approve" | "deny" | "withdraw" | "expire" | "begin" | "succeed" | "fail" | "lose";

const TRANSITIONS: Readonly<Record<ApprovalState, Partial<Record<ApprovalEvent, ApprovalState>>>> = {
  pending: { approve: "approved", deny: "denied", withdraw: "denied", expire: "expired" },
  approved: { begin: "executing", fail: "failed" },
  executing: { succeed: "done", fail: "failed", lose: "unknown" },
  done: {},
  failed: {},
  unknown: {},
  denied: {},
  expired: {},
};

/** The state after an event; null: the event is not possible there, and nothing may happen. */
export const afterEvent = (state: ApprovalState, event: ApprovalEvent): ApprovalState | null => TRANSITIONS[state][event] ?? null;

/** Whether nothing more can happen to it. */
export const isSettled = (state: ApprovalState): boolean => Object.keys(TRANSITIONS[state]).length === 0;

/** What an approval is bound to. A call that differs in any of it is another call. */
export interface Binding {
  tool: string;
  version: string;
  /** The hash of the complete arguments. */
  inputHash: string;
  userId: string;
}

/** Why an approval is not good for a call; null: it is good for exactly this one. */
export function mismatch(approved: Binding, call: Binding): string | null {
  if (approved.userId !== call.userId) return "It was somebody else's approval.";
  if (approved.tool !== call.tool) return "It was approved for another tool.";
  if (approved.version !== call.version) return "The tool has changed since it was asked.";
  if (approved.inputHash !== call.inputHash) return "The arguments are not the ones that were approved.";
  return null;
}

const MINUTE_MS = 60_000;
export const MIN_EXPIRY_MS = 5 * MINUTE_MS;
export const MAX_EXPIRY_MS = 7 * 24 * 60 * MINUTE_MS;
export const DEFAULT_EXPIRY_MS = 24 * 60 * MINUTE_MS;

/** How long an approval for this effect waits, milliseconds, by the user's setting in minutes. */
export function expiryOf(effect: Effect, minutes: Partial<Record<Effect, number>>): number {
  const chosen = (minutes[effect] ?? DEFAULT_EXPIRY_MS / MINUTE_MS) * MINUTE_MS;
  return Number.isFinite(chosen) ? Math.min(Math.max(chosen, MIN_EXPIRY_MS), MAX_EXPIRY_MS) : DEFAULT_EXPIRY_MS;
}
