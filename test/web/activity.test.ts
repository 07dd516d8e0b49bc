import { describe, expect, it } from "vitest";
import type { AuditReport } from "../../src/web/api/audit.ts";
import { exportPath } from "../../src/web/api/audit.ts";
import { findings, KINDS, outcomeOf, sentenceOf } from "../../src/web/activity/entry-words.ts";
import { asQuery, EVERYTHING, isSent, SENT, startOf } from "../../src/web/activity/filters.ts";

const report = (fields: Partial<AuditReport> = {}): AuditReport => ({ ok: true, entries: 12, fault: null, anchor: null, ...fields });
const day = () => "Friday";

describe("startOf()", () => {
  const noon = new Date(2026, 10, 20, 12, 30).getTime();

  it("begins at midnight of the first day, and stays the same all day", () => {
    expect(startOf("today", noon)).toBe(new Date(2026, 10, 20).getTime());
    expect(startOf("week", noon)).toBe(new Date(2026, 10, 14).getTime());
    expect(startOf("week", noon + 3_600_000)).toBe(startOf("week", noon));
    expect(startOf("all", noon)).toBeUndefined();
  });
});

describe("asQuery()", () => {
  it("leaves out what is not chosen, so that an export asks for the same", () => {
    const query = asQuery({ ...EVERYTHING, ...SENT, range: "all", text: "  ben " }, 0);
    expect(exportPath(query, "csv")).toBe("/api/v1/audit/export?kind=result&outcome=done&effect=external&text=ben&format=csv");
  });

  it("knows the choice of everything that was sent", () => {
    expect(isSent({ ...EVERYTHING, ...SENT })).toBe(true);
    expect(isSent({ ...EVERYTHING, ...SENT, outcome: "failed" })).toBe(false);
  });
});

describe("findings()", () => {
  it("says that a whole trail is whole, with or without a copy of its end", () => {
    expect(findings(report(), day)).toMatchObject({ good: true });
    expect(findings(report({ anchor: { seq: 9, at: 1, matches: true } }), day).text).toContain("agrees with the copy");
  });

  it("names the first fault, and a cut end that only the copy shows", () => {
    const wrong = findings(report({ ok: false, fault: { seq: 4, problem: "it was changed" } }), day);
    expect(wrong).toMatchObject({ good: false });
    expect(wrong.text).toContain("entry 4: it was changed");
    const cut = findings(report({ anchor: { seq: 9, at: 1, matches: false } }), day);
    expect(cut).toMatchObject({ good: false });
    expect(cut.text).toContain("cut or replaced");
  });
});

describe("sentenceOf()", () => {
  it("tells who a message is from, and else what the entry says", () => {
    expect(sentenceOf({ kind: "message", actor: "user", summary: "A message by web" })).toBe("You wrote a message");
    expect(sentenceOf({ kind: "message", actor: "system", summary: "A message by webhook" })).toBe("A message came in");
    expect(sentenceOf({ kind: "result", actor: "agent", summary: "Added “a”" })).toBe("Added “a”");
    expect(sentenceOf({ kind: "turn", actor: "agent", summary: "" })).toBe(KINDS.turn);
  });
});

describe("outcomeOf()", () => {
  it("shows an event it does not know by its own name", () => {
    expect(outcomeOf("deny")).toMatchObject({ name: "refused", tone: "bad" });
    expect(outcomeOf("something_new")).toEqual({ name: "something_new" });
  });
});
