import type { Budget } from "../models/budget.ts";
import { LOAD_MICRO_USD } from "./loader.ts";

/** What a Dynamic Worker is called in the user's usage. */
export const LOADED = "cloudflare/dynamic-worker";

/** Books one load of a Dynamic Worker, on the account of what it is for. */
export function bookLoad(budget: Pick<Budget, "settle">, agent: string, now: () => number): void {
  budget.settle({
    reservationId: null,
    at: now(),
    turnId: "",
    agent,
    tier: agent,
    model: LOADED,
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    microUsd: LOAD_MICRO_USD,
    chargedMicroUsd: LOAD_MICRO_USD,
    outcome: "done",
    durationMs: 0,
  });
}
