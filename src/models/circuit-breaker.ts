import type { ModelErrorKind } from "./model-error.ts";

/**
 * Whether one model is worth a call now. Pure: every function takes the time in UTC milliseconds and returns the next state.
 *
 * `closed` → (N failures in a row, or one that names a time to come back) → `open` → (the delay is over) → `half_open`: one call
 * may try → `closed` or `open` again, for twice as long.
 */
export type BreakerState =
  | { kind: "closed"; failures: number; openings: number }
  | { kind: "open"; until: number; openings: number; cause: ModelErrorKind }
  | { kind: "half_open"; since: number; openings: number; cause: ModelErrorKind };

export const CLOSED: BreakerState = { kind: "closed", failures: 0, openings: 0 };

/** Failures in a row that open it. */
export const FAILURES_TO_OPEN = 3;
/** Milliseconds it stays open the first time; doubles each time up to {@link MAX_OPEN_MS}. */
export const OPEN_MS = 30_000;
export const MAX_OPEN_MS = 5 * 60_000;
/** The longest `retry-after` that is believed. */
export const MAX_RETRY_AFTER_MS = 60 * 60_000;
/** A probe that never reported back (its object was evicted) blocks no longer than this. */
export const PROBE_LEASE_MS = 3 * 60_000;

export type Permission = { allowed: true; state: BreakerState } | { allowed: false; retryAfterMs: number; cause: ModelErrorKind };

/** Asks to make a call. When allowed, keep `state` and report back with one of the functions below. */
export function ask(state: BreakerState, now: number): Permission {
  if (state.kind === "closed") return { allowed: true, state };
  const waitMs = state.kind === "open" ? state.until - now : state.since + PROBE_LEASE_MS - now;
  // While a probe is under way nobody knows for how long; its answer usually comes soon.
  if (waitMs > 0) return { allowed: false, retryAfterMs: state.kind === "open" ? waitMs : Math.min(waitMs, 1000), cause: state.cause };
  return { allowed: true, state: { kind: "half_open", since: now, openings: state.openings, cause: state.cause } };
}

/** The call was answered. */
export function succeeded(): BreakerState {
  return CLOSED;
}

/**
 * The call failed. Only failures that say something about the endpoint's health count ({@link countsAsFailure}); a wrong key or a
 * request that is too long fails alike tomorrow, and must not hide a key that was just corrected.
 */
export function failed(state: BreakerState, now: number, kind: ModelErrorKind, retryAfterMs: number | null): BreakerState {
  if (!countsAsFailure(kind)) return released(state, now);
  const failures = state.kind === "closed" ? state.failures + 1 : FAILURES_TO_OPEN;
  if (retryAfterMs === null && failures < FAILURES_TO_OPEN) return { kind: "closed", failures, openings: state.openings };
  const backoff = Math.min(OPEN_MS * 2 ** Math.min(state.openings, 10), MAX_OPEN_MS);
  const delay = retryAfterMs === null ? backoff : Math.min(Math.max(retryAfterMs, 0), MAX_RETRY_AFTER_MS);
  return { kind: "open", until: now + delay, openings: state.openings + 1, cause: kind };
}

/** The call ended without saying anything about the endpoint (cancelled, refused by a budget): a probe may be tried again. */
export function released(state: BreakerState, now: number): BreakerState {
  return state.kind === "half_open" ? { kind: "open", until: now, openings: state.openings, cause: state.cause } : state;
}

export function countsAsFailure(kind: ModelErrorKind): boolean {
  return (
    kind === "rate_limited" || kind === "overloaded" || kind === "timeout" || kind === "network" || kind === "cut" || kind === "malformed"
  );
}
