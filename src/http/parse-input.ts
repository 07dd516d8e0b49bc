import type { z } from "zod";
import { MargayError } from "../errors.ts";

/** What a caller sent, by the schema of the place that it stands in (`body`, `query`, `path`). Throws `invalid_request`. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value, { error: inWords });
  if (result.success) return result.data;
  throw invalidInput(result.error, where);
}

const MISSING = "is missing";

/** In the words of who writes a request, where zod's are about types of JavaScript. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "invalid_type" && issue.code !== "invalid_union") return undefined;
  if (issue.input === undefined) return MISSING;
  return typeof issue.input === "number" && Number.isNaN(issue.input) ? "must be a number" : undefined;
}

/** A zod failure as a person reads it: the first problem in the message, all of them (at most 20) in the details. */
function invalidInput(error: z.ZodError, where: string): MargayError {
  const details = error.issues.slice(0, 20).map((issue) => ({ path: pathOf(issue), message: messageOf(issue) }));
  const [first] = details;
  return new MargayError("invalid_request", `The ${where} is not valid: ${first ? withPath(first) : "?"}`, details);
}

const pathOf = (issue: z.core.$ZodIssue): string => issue.path.map(String).join(".");

const withPath = ({ path, message }: { path: string; message: string }): string => (path === "" ? message : `${path}: ${message}`);

/** Of what may have several forms, what keeps it from each. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union" || issue.errors.length === 0 || issue.message === MISSING) return issue.message;
  const forms = issue.errors.map((problems) => problems.map((one) => withPath({ path: pathOf(one), message: messageOf(one) })).join(", "));
  return `It has one of ${forms.length} forms; ${forms.map((problems, index) => `${index + 1}. ${problems}`).join("; ")}`.slice(0, 1_000);
}
