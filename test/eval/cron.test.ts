import { describe, expect, test } from "vitest";
import { cron } from "../../scripts/eval/cron.ts";

const answer = (fields: Record<string, unknown>) =>
  cron.answer(
    JSON.stringify({ id: "a", spec: "0 9 * * 1-5", after: "2026-11-26T15:00:00Z", time_zone: "Europe/Oslo", count: 2, ...fields }),
  );

describe("cron", () => {
  test("answers a cron line, plain words and a stored spec with the instants that follow", () => {
    const next = ["2026-11-27T08:00:00.000Z", "2026-11-30T08:00:00.000Z"];
    expect(answer({})).toEqual({ id: "a", next });
    expect(answer({ spec: "every weekday at 9" })).toEqual({ id: "a", next });
    expect(answer({ spec: { kind: "cron", expression: "0 9 * * 1-5", until: null } })).toEqual({ id: "a", next });
    expect(answer({ spec: "in 20 minutes" })).toEqual({ id: "a", next: ["2026-11-26T15:20:00.000Z"] });
  });

  test("leaves out after itself, in ISO or in milliseconds", () => {
    for (const after of ["2026-11-27T09:00:00+01:00", Date.parse("2026-11-27T08:00:00Z"), String(Date.parse("2026-11-27T08:00:00Z"))]) {
      expect(answer({ after, count: 1 })).toEqual({ id: "a", next: ["2026-11-30T08:00:00.000Z"] });
    }
  });

  test("has no next for what never comes, or is over", () => {
    expect(answer({ spec: "0 0 31 2 *" })).toEqual({ id: "a", next: [] });
    expect(answer({ spec: { kind: "once", at: 0 } })).toEqual({ id: "a", next: [] });
  });

  test.each([
    [{ spec: "61 * * * *" }, "invalid_cron"],
    [{ spec: { kind: "every", ms: 5, anchor: 0, until: null } }, "invalid_spec"],
    [{ spec: "every day at 6" }, "unclear"],
    [{ spec: "call mum" }, "not_a_schedule"],
    [{ time_zone: "Mars/Olympus" }, "invalid_line"],
    [{ after: "soon" }, "invalid_line"],
    [{ count: 0 }, "invalid_line"],
    [{ spec: null }, "invalid_line"],
  ])("answers %j with %s", (fields, code) => {
    expect(answer(fields)).toEqual({ id: "a", error: { code, message: expect.any(String) } });
  });

  test("answers a line that is not JSON, or not a case", () => {
    expect(cron.answer("nope")).toMatchObject({ id: null, error: { code: "invalid_line" } });
    expect(cron.answer("[]")).toMatchObject({ id: null, error: { code: "invalid_line" } });
    expect(cron.answer('{"id":7}')).toMatchObject({ id: 7, error: { code: "invalid_line" } });
  });
});
