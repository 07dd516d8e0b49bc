import { z } from "zod";
import { understandDate } from "../../src/dates/understand-date.ts";
import { isTimeZone } from "../../src/dates/zone.ts";
import { readCase, type Evaluation } from "./evaluation.ts";

/** UTC milliseconds, from a number or from ISO 8601 text. */
const Now = z.unknown().transform((value, context) => {
  const at =
    typeof value === "string" && !/^-?\d+$/.test(value)
      ? Date.parse(value)
      : typeof value === "boolean"
        ? Number.NaN
        : Number(value ?? Number.NaN);
  if (Number.isInteger(at) && Math.abs(at) <= 8.64e15) return at;
  context.addIssue({ code: "custom", message: "is neither an ISO instant nor milliseconds" });
  return z.NEVER;
});

const Case = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  now: Now,
  time_zone: z.string().refine(isTimeZone, "is not an IANA time zone"),
});

/**
 * How a due date is understood. `value` is the instant a to-do would be due (for a day without a time the last millisecond of it in
 * that zone), null when none is stored.
 */
export const dates: Evaluation = {
  name: "dates",
  description: "due dates: { id, text, now, time_zone } → { id, value, kind, asked_back, echo }",
  answer(line) {
    const read = readCase(line, Case);
    if ("error" in read) return read.error;
    const { id, text, now, time_zone: timeZone } = read.case;
    const { at, kind, askedBack, echo } = understandDate(text, { now, timeZone });
    return { id, value: at === null ? null : new Date(at).toISOString(), kind, asked_back: askedBack, echo };
  },
};
