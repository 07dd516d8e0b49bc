import { z } from "zod";
import type { CheckedTask, Finding } from "../checked-task.ts";

/** Characters of a schema, as JSON. */
export const MAX_SCHEMA = 8_000;
/** Levels of a schema: one of each object and list. */
const MAX_DEPTH = 40;
/** Characters of where an answer is wrong, and of how: both may quote it. */
const MAX_PATH = 100;
const MAX_MESSAGE = 300;
/** A line that a block of code begins with, maybe behind other words; one that it ends with. */
const OPENS = /^[^`]{0,200}```([\w+-]{0,20})\s{0,20}$/u;
const CLOSES = /^[ \t]{0,20}```/u;
/** Keywords that take time without end, or name what is elsewhere. */
const REFUSED = new Set(["pattern", "patternProperties", "$ref", "$dynamicRef", "$defs", "definitions", "format"]);

/** Why an answer cannot be asked for in this shape; null: it can. */
export function schemaProblem(schema: Record<string, unknown>): string | null {
  if (depthOf(schema) > MAX_DEPTH) return "is nested too deep";
  if (JSON.stringify(schema).length > MAX_SCHEMA) return `is longer than ${MAX_SCHEMA.toLocaleString("en")} characters`;
  const refused = keywordsIn(schema).find((name) => REFUSED.has(name));
  if (refused !== undefined) return `uses ${refused}, which is not looked at here`;
  try {
    z.fromJSONSchema(schema);
    return null;
  } catch {
    return "is no JSON Schema that can be checked";
  }
}

/** How deep it is nested, counted to one level more than there may be. */
function depthOf(value: unknown, most = MAX_DEPTH + 1): number {
  if (most === 0 || typeof value !== "object" || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, one) => Math.max(deepest, depthOf(one, most - 1)), 0);
}

/** The keywords of a schema and of those in it; names of properties are none. */
function keywordsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((one) => keywordsIn(one));
  return Object.entries(schema).flatMap(([name, value]) => {
    if (["const", "enum", "default", "examples"].includes(name)) return [name];
    const inner: unknown[] = name === "properties" && typeof value === "object" && value !== null ? Object.values(value) : [value];
    return [name, ...inner.flatMap((one) => keywordsIn(one))];
  });
}

/** What a result says as JSON: all of it, or the last block of code in it. `undefined`: nothing. */
export function answerIn(result: string): unknown {
  for (const text of [result, lastBlock(result)]) {
    if (text === undefined) continue;
    try {
      return JSON.parse(text);
    } catch {
      // No JSON: the next.
    }
  }
  return undefined;
}

/** The last block of JSON, or of nothing that is named. Line by line, so that many that are opened and never closed take no longer than one. `undefined`: there is none. */
function lastBlock(text: string): string | undefined {
  const lines = text.split("\n");
  let last: string | undefined;
  let open: { from: number; language: string } | null = null;
  for (const [index, line] of lines.entries()) {
    if (open === null) {
      const language = OPENS.exec(line)?.[1];
      if (language !== undefined) open = { from: index + 1, language };
    } else if (CLOSES.test(line)) {
      if (open.language === "" || open.language === "json") last = lines.slice(open.from, index).join("\n");
      open = null;
    }
  }
  return last;
}

/** The answer of a result, where it fits; `undefined`: none does. */
export function answerFor(result: string, expects: Record<string, unknown>): unknown {
  const answer = answerIn(result);
  return answer !== undefined && z.fromJSONSchema(expects).safeParse(answer).success ? answer : undefined;
}

/** Whether an answer is what was asked for. */
export function checkShape({ result, expects }: Pick<CheckedTask, "result" | "expects">): Finding[] {
  if (expects === null) return [];
  const answer = answerIn(result);
  if (answer === undefined)
    return [{ correct: "The result is to be JSON alone, and it is not.", note: "The answer is not the JSON that was asked for." }];
  const parsed = z.fromJSONSchema(expects).safeParse(answer);
  if (parsed.success) return [];
  return parsed.error.issues.slice(0, 5).map(({ path, message: whole }) => {
    const at = path.length === 0 ? "The answer" : `"${path.map(String).join(".").slice(0, MAX_PATH).toWellFormed()}"`;
    const message = whole.length <= MAX_MESSAGE ? whole : `${whole.slice(0, MAX_MESSAGE).toWellFormed()}…`;
    return { correct: `${at}: ${message}`, note: `The answer does not fit what was asked for. ${at}: ${message}` };
  });
}
