import type { Budget } from "../models/budget.ts";

/** What a Dynamic Worker is called in the user's usage. */
const LOADED = "cloudflare/dynamic-worker";

export interface Load {
  /** What it is for. */
  agent: string;
  at: number;
  /** What it cost, together with others that were made for the same. */
  microUsd: number;
  /** null: nothing was reserved for it. */
  reservationId?: string | null;
  turnId?: string;
  durationMs?: number;
}

/** Books loads of Dynamic Workers. */
export const bookLoad = (
  budget: Pick<Budget, "settle">,
  { agent, at, microUsd, reservationId = null, turnId = "", durationMs = 0 }: Load,
): void =>
  budget.settle({
    reservationId,
    at,
    turnId,
    agent,
    tier: agent,
    model: LOADED,
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    microUsd,
    chargedMicroUsd: microUsd,
    outcome: "done",
    durationMs,
  });
