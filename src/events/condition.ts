import { z } from "zod";

/** The longest path, value and list of values. */
const MAX_PATH = 200;
const MAX_VALUE = 500;
const MAX_VALUES = 50;

const Scalar = z.union([z.string().max(MAX_VALUE), z.number(), z.boolean(), z.null()]);

/**
 * One condition on a field of an event. `path` names it from the outside in: `pull_request.state`, `items.0.title`, `headers.x-github-event`; `*` stands for any member of a list or object. `like` is a pattern in which `*`
 * stands for anything and `?` for one character, over the whole value and without regard to case, as `contains` and `eq` of texts are; there are no regular expressions, because some of them take for ever.
 */
export const Condition = z
  .object({
    path: z.string().trim().min(1).max(MAX_PATH),
    op: z.enum(["eq", "ne", "contains", "like", "exists", "gt", "lt", "in"]),
    /** Of `in`: a list. Of `exists`: absent, or false for "is not there". */
    value: z.union([Scalar, z.array(Scalar).max(MAX_VALUES)]).optional(),
  })
  .refine(({ op, value }) => op === "exists" || value !== undefined, "needs a value to compare with")
  .refine(({ op, value }) => (op === "in") === Array.isArray(value) || value === undefined, "a list of values goes with `in`");
export type Condition = z.infer<typeof Condition>;

type Value = Condition["value"];

/** How deep a path goes, and how many values a `*` may give. */
const MAX_STEPS = 20;
const MAX_FOUND = 1_000;

/** What stands at a path, in order; nothing where there is nothing. Own members only: `constructor` finds none. Never throws. */
export function valuesAt(event: unknown, path: string): unknown[] {
  const steps = path.split(".");
  if (steps.length > MAX_STEPS) return [];
  let found: unknown[] = [event];
  for (const step of steps) {
    found = found.flatMap((value) => membersOf(value, step)).slice(0, MAX_FOUND);
    if (found.length === 0) return [];
  }
  return found;
}

function membersOf(value: unknown, step: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value).slice(0, MAX_FOUND);
  if (Object.hasOwn(value, step)) return [Reflect.get(value, step)];
  return [];
}

/** Whether a condition holds of an event: of any of the values at its path; `ne` of all of them, and where there is none. Never throws. */
export function holds(event: unknown, { path, op, value }: Condition): boolean {
  const found = valuesAt(event, path);
  if (op === "exists") return found.some((one) => one !== null && one !== undefined) !== (value === false);
  if (op === "ne") return !found.some((one) => same(one, value));
  return found.some((one) => compare(one, op, value));
}

function compare(found: unknown, op: Exclude<Condition["op"], "exists" | "ne">, value: Value): boolean {
  switch (op) {
    case "eq":
      return same(found, value);
    case "in":
      return Array.isArray(value) && value.some((one) => same(found, one));
    case "gt":
    case "lt": {
      const [a, b] = [numberOf(found), numberOf(value)];
      return a !== null && b !== null && (op === "gt" ? a > b : a < b);
    }
    case "contains":
      if (Array.isArray(found)) return found.some((one) => same(one, value));
      return isScalar(found) && isScalar(value) && textOf(found).includes(textOf(value));
    case "like":
      return isScalar(found) && typeof value === "string" && like(textOf(found), textOf(value));
  }
}

const isScalar = (value: unknown): value is string | number | boolean => ["string", "number", "boolean"].includes(typeof value);
const textOf = (value: string | number | boolean): string => String(value).toLowerCase();

/** Texts without regard to case; `"42"` of a form is 42, `"true"` is true. */
function same(found: unknown, value: unknown): boolean {
  if (found === null || found === undefined) return value === null;
  return isScalar(found) && isScalar(value) && textOf(found) === textOf(value);
}

/** A number, a text that is one, or an instant in ISO 8601 as milliseconds. */
function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.length > 40) return null;
  if (/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/iu.test(value)) return Number(value);
  const at = /^\d{4}-\d{2}-\d{2}/u.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** What a `like` looks at of a value, characters: the time it takes grows with the product of both lengths. */
const MAX_LIKE = 10_000;

/** Whether a pattern fits a whole text. Goes back to the last `*` only, which is enough: no pattern takes more than the product of both lengths. */
export function like(text: string, pattern: string): boolean {
  const from = text.slice(0, MAX_LIKE);
  let [at, to] = [0, 0];
  let [star, kept] = [-1, 0];
  while (at < from.length) {
    const wanted = pattern[to];
    if (wanted === "*") {
      star = to++;
      kept = at;
    } else if (wanted === "?" || (wanted !== undefined && wanted === from[at])) {
      at++;
      to++;
    } else if (star !== -1) {
      to = star + 1;
      at = ++kept;
    } else return false;
  }
  while (pattern[to] === "*") to++;
  return to === pattern.length;
}
