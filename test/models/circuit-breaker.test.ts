import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CLOSED,
  FAILURES_TO_OPEN,
  MAX_OPEN_MS,
  MAX_RETRY_AFTER_MS,
  OPEN_MS,
  PROBE_LEASE_MS,
  ask,
  failed,
  released,
  succeeded,
  type BreakerState,
} from "../../src/models/circuit-breaker.ts";
import type { ModelErrorKind } from "../../src/models/model-error.ts";

const NOW = 1_800_000_000_000;
const openAfter = (count: number): BreakerState => {
  let state = CLOSED;
  for (let index = 0; index < count; index++) state = failed(state, NOW, "overloaded", null);
  return state;
};
const allow = (state: BreakerState, now: number): BreakerState => {
  const permission = ask(state, now);
  if (!permission.allowed) throw new Error(`not allowed for ${permission.retryAfterMs} ms`);
  return permission.state;
};

describe("circuit breaker", () => {
  it("opens after N failures in a row, not before", () => {
    expect(ask(openAfter(FAILURES_TO_OPEN - 1), NOW).allowed).toBe(true);
    expect(ask(openAfter(FAILURES_TO_OPEN), NOW)).toEqual({ allowed: false, retryAfterMs: OPEN_MS, cause: "overloaded" });
  });

  it("forgets failures after a success", () => {
    expect(failed(succeeded(), NOW, "overloaded", null)).toMatchObject({ kind: "closed", failures: 1 });
  });

  it("opens at once for as long as the provider asked, within reason", () => {
    expect(ask(failed(CLOSED, NOW, "rate_limited", 7000), NOW)).toEqual({ allowed: false, retryAfterMs: 7000, cause: "rate_limited" });
    expect(ask(failed(CLOSED, NOW, "rate_limited", 1e12), NOW)).toMatchObject({ retryAfterMs: MAX_RETRY_AFTER_MS });
    expect(ask(failed(CLOSED, NOW, "rate_limited", 0), NOW).allowed).toBe(true);
  });

  it("lets exactly one call try when the delay is over", () => {
    const probing = allow(openAfter(FAILURES_TO_OPEN), NOW + OPEN_MS);
    expect(probing.kind).toBe("half_open");
    expect(ask(probing, NOW + OPEN_MS + 1)).toMatchObject({ allowed: false });
  });

  it("closes after a good probe and stays open twice as long after a bad one, up to a limit", () => {
    let state = openAfter(FAILURES_TO_OPEN);
    let now = NOW;
    for (const expected of [OPEN_MS * 2, OPEN_MS * 4, OPEN_MS * 8, MAX_OPEN_MS, MAX_OPEN_MS]) {
      now += MAX_OPEN_MS;
      state = failed(allow(state, now), now, "timeout", null);
      expect(ask(state, now)).toMatchObject({ retryAfterMs: Math.min(expected, MAX_OPEN_MS) });
    }
    expect(succeeded()).toEqual(CLOSED);
  });

  it("gives a probe that never reported back to the next caller", () => {
    const probing = allow(openAfter(FAILURES_TO_OPEN), NOW + OPEN_MS);
    expect(ask(probing, NOW + OPEN_MS + PROBE_LEASE_MS - 1).allowed).toBe(false);
    expect(ask(probing, NOW + OPEN_MS + PROBE_LEASE_MS).allowed).toBe(true);
  });

  it("lets a cancelled probe be tried again at once", () => {
    const probing = allow(openAfter(FAILURES_TO_OPEN), NOW + OPEN_MS);
    expect(ask(released(probing, NOW + OPEN_MS), NOW + OPEN_MS).allowed).toBe(true);
    expect(released(CLOSED, NOW)).toEqual(CLOSED);
  });

  it.each<ModelErrorKind>(["auth", "billing", "too_long", "rejected", "budget", "not_configured"])("does not count %s", (kind) => {
    let state = CLOSED;
    for (let index = 0; index < 10; index++) state = failed(state, NOW, kind, null);
    expect(state).toEqual(CLOSED);
  });

  it("never blocks for longer than an hour, whatever happened", () => {
    const kind = fc.constantFrom<ModelErrorKind>("overloaded", "rate_limited", "auth", "cut");
    const event = fc.record({
      pass: fc.nat(400_000),
      outcome: fc.constantFrom("ok", "fail", "cancel"),
      kind,
      retryAfter: fc.option(fc.nat(1e9)),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = CLOSED;
        let now = NOW;
        for (const { pass, outcome, kind: cause, retryAfter } of events) {
          now += pass;
          const permission = ask(state, now);
          if (!permission.allowed) {
            expect(permission.retryAfterMs).toBeGreaterThan(0);
            expect(permission.retryAfterMs).toBeLessThanOrEqual(MAX_RETRY_AFTER_MS);
            continue;
          }
          state =
            outcome === "ok"
              ? succeeded()
              : outcome === "fail"
                ? failed(permission.state, now, cause, retryAfter)
                : released(permission.state, now);
        }
        expect(ask(state, now + MAX_RETRY_AFTER_MS).allowed).toBe(true);
      }),
    );
  });
});
