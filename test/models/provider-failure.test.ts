import { describe, expect, it } from "vitest";
import { modelError } from "../../src/models/failure-sentence.ts";
import { toModelError } from "../../src/models/provider-failure.ts";
import { parseRetryAfter } from "../../src/models/retry-after.ts";

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const kindOf = (error: unknown, phase: "request" | "stream" = "request"): string => toModelError(error, "anthropic/x", phase, NOW).kind;
const status = (statusCode: number, responseBody = ""): Error => Object.assign(new Error("refused"), { statusCode, responseBody });

describe("toModelError()", () => {
  it.each([
    [status(401), "auth"],
    [status(403), "auth"],
    [status(402), "billing"],
    [status(400, "Your credit balance is too low to access the Anthropic API"), "billing"],
    [status(429, '{"error":{"code":"insufficient_quota"}}'), "billing"],
    [status(429), "rate_limited"],
    [status(408), "timeout"],
    [status(500), "overloaded"],
    [status(529), "overloaded"],
    [status(413), "too_long"],
    [status(400, "This model's maximum context length is 8192 tokens"), "too_long"],
    [status(400, '{"error":{"code":"context_length_exceeded"}}'), "too_long"],
    [status(404), "rejected"],
    [status(422), "rejected"],
    [status(400, "API key not valid. Please pass a valid API key: API_KEY_INVALID api_key_invalid"), "auth"],
    [new TypeError("fetch failed"), "network"],
    [Object.assign(new Error("The operation timed out"), { name: "TimeoutError" }), "timeout"],
    ["something odd", "network"],
    [null, "network"],
    [{ type: "overloaded_error" }, "overloaded"],
  ])("maps %o to %s", (error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });

  it("tells a cut stream from an endpoint that cannot be reached", () => {
    expect(kindOf(new TypeError("terminated"), "stream")).toBe("cut");
    expect(kindOf(new Error("Network connection lost."), "stream")).toBe("cut");
    expect(kindOf(new Error("Network connection lost."), "request")).toBe("network");
  });

  it("keeps a ModelError as it is", () => {
    const error = modelError("timeout", "x");
    expect(toModelError(error, "y", "stream", NOW)).toBe(error);
  });

  it("bears errors that cannot be written down", () => {
    const circular: Record<string, unknown> = { message: "x" };
    circular["data"] = circular;
    expect(kindOf(circular)).toBe("network");
  });

  it("reads the wait of a 429 and a 529, and only of those", () => {
    const headers = { responseHeaders: { "Retry-After": "12" } };
    expect(toModelError(Object.assign(status(429), headers), "x", "request", NOW).retryAfterMs).toBe(12_000);
    expect(toModelError(Object.assign(status(529), headers), "x", "request", NOW).retryAfterMs).toBe(12_000);
    expect(toModelError(Object.assign(status(401), headers), "x", "request", NOW).retryAfterMs).toBeNull();
    expect(toModelError({ status: 429, headers: new Headers({ "retry-after": "3" }) }, "x", "request", NOW).retryAfterMs).toBe(3000);
  });
});

describe("parseRetryAfter()", () => {
  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
    [{ "retry-after": "Sat, 21 Nov 2026 12:01:30 GMT" }, 90_000],
    [{ "retry-after": "Saturday, 21-Nov-26 12:01:30 GMT" }, 90_000],
    [{ "retry-after": "Sat Nov 21 12:01:30 2026" }, 90_000],
    [{ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "-5" }, null],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": "" }, null],
    [{}, null],
    [undefined, null],
  ])("reads %o as %s", (headers, expected) => {
    expect(parseRetryAfter(headers, NOW)).toBe(expected);
  });
});

describe("modelError()", () => {
  it("says a wait in words", () => {
    expect(modelError("rate_limited", "x", 1).message).toContain("in 1 second.");
    expect(modelError("rate_limited", "x", 90_000).message).toContain("in 90 seconds.");
    expect(modelError("rate_limited", "x", 600_000).message).toContain("in 10 minutes.");
    expect(modelError("rate_limited", "x", 3 * 3_600_000).message).toContain("in 3 hours.");
  });
});
