/** A promise of money for one model call. Amounts are millionths of a US dollar. */
export interface Reservation {
  id: string;
  microUsd: number;
}

/** What is known after a call. */
export interface ModelCall {
  reservationId: string | null;
  at: number;
  turnId: string;
  /** `coordinator`, or an executor's profile. */
  agent: string;
  tier: string;
  /** `provider/model` that answered. */
  model: string;
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens: number;
  /** null: the price of this model is not known. */
  microUsd: number | null;
  /** What counts against the caps: `microUsd`, or an estimate at a stated high price where the price is not known. */
  chargedMicroUsd: number;
  outcome: "done" | "failed" | "cancelled";
  durationMs: number;
}

/**
 * The user's money, kept in their object. Reserve the worst case before a call, so that parallel calls cannot pass the cap together;
 * settle with what it really cost. A reservation left by a crash is settled at its full amount when the object starts.
 */
export interface Budget {
  /** Refuses, with a sentence naming the cap and when it renews, when spent + reserved + `microUsd` would pass a cap. */
  reserve(microUsd: number): { ok: true; reservation: Reservation } | { ok: false; message: string };
  /** Records the call and frees its reservation, in one transaction. */
  settle(call: ModelCall): void;
}
