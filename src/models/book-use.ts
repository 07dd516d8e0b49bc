import type { Budget } from "./budget.ts";

export interface Use {
  /** What it is for; it stands where a model call has its tier too. */
  agent: string;
  /** What it is called in the user's usage: `cloudflare/container`. */
  model: string;
  at: number;
  microUsd: number;
  /** null: nothing was reserved for it. */
  reservationId?: string | null;
  turnId?: string;
  durationMs?: number;
}

/** Books what is paid for and is no model: the time of a browser or a container, loads of Workers. */
export const bookUse = (
  budget: Pick<Budget, "settle">,
  { agent, microUsd, reservationId = null, turnId = "", durationMs = 0, ...use }: Use,
): void =>
  budget.settle({
    ...use,
    reservationId,
    turnId,
    agent,
    tier: agent,
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    microUsd,
    chargedMicroUsd: microUsd,
    outcome: "done",
    durationMs,
  });
