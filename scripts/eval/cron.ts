import { z } from "zod";
import { isTimeZone } from "../../src/dates/zone.ts";
import { upcoming } from "../../src/schedule/next.ts";
import { looksLikeCron, parseCron, parseWhen } from "../../src/schedule/parse.ts";
import { ScheduleSpec } from "../../src/schedule/spec.ts";
import type { Evaluation } from "./evaluation.ts";

/** UTC milliseconds, from a number or from ISO 8601 text. */
const Instant = z
  .union([z.number().int(), z.string().transform((text) => (/^-?\d+$/.test(text) ? Number(text) : Date.parse(text)))])
  .refine((at) => Number.isInteger(at) && Math.abs(at) <= 8.64e15, "is neither an ISO instant nor milliseconds");

const Case = z.object({
  id: z.union([z.string(), z.number()]),
  /** A cron line, plain words or a spec as it is stored. */
  spec: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** Itself excluded; also when the words are said. */
  after: Instant,
  time_zone: z.string().refine(isTimeZone, "is not an IANA time zone"),
  count: z.number().int().min(1).max(10_000).default(1),
});

type Problem = { code: "invalid_line" | "invalid_cron" | "invalid_spec" | "unclear" | "not_a_schedule"; message: string };

/** When something recurs: how plain words and cron lines are understood, and the instants that follow. */
export const cron: Evaluation = {
  name: "cron",
  description: "schedules: { id, spec, after, time_zone, count } → { id, next: [ISO instants] }",
  answer(line) {
    const read = readLine(line);
    if ("problem" in read) return { id: read.id, error: read.problem };
    const { id, spec: written, after, time_zone: timeZone, count } = read.case;
    const spec = specOf(written, after, timeZone);
    if ("message" in spec) return { id, error: spec };
    return { id, next: upcoming(spec, after, timeZone, count).map((at) => new Date(at).toISOString()) };
  },
};

function readLine(line: string): { case: z.output<typeof Case> } | { id: unknown; problem: Problem } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, problem: { code: "invalid_line", message: "not JSON" } };
  }
  const parsed = Case.safeParse(value);
  if (parsed.success) return { case: parsed.data };
  const issue = parsed.error.issues[0];
  const id: unknown = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  return { id, problem: { code: "invalid_line", message: `${issue?.path.join(".") || "line"}: ${issue?.message ?? "not valid"}` } };
}

function specOf(written: string | Record<string, unknown>, saidAt: number, timeZone: string): ScheduleSpec | Problem {
  if (typeof written !== "string") {
    const parsed = ScheduleSpec.safeParse(written);
    return parsed.success ? parsed.data : { code: "invalid_spec", message: parsed.error.issues[0]?.message ?? "not valid" };
  }
  // A line that never comes is no error here: it has no next.
  if (looksLikeCron(written)) {
    const parsed = parseCron(written);
    return parsed.ok ? { kind: "cron", expression: parsed.expression, until: null } : { code: "invalid_cron", message: parsed.message };
  }
  const understood = parseWhen(written, { saidAt, timeZone });
  if (understood.kind === "spec") return understood.spec;
  if (understood.kind === "ask") return { code: "unclear", message: understood.question };
  return { code: "not_a_schedule", message: "Nothing in it says when." };
}
