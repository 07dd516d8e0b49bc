import { z } from "zod";
import type { CheckedTask, Finding } from "../checked-task.ts";

/** Characters of a schema, as JSON. */
export const MAX_SCHEMA = 8_000;
/** Keywords that take time without end, or name what is elsewhere. */
const REFUSED = new Set(["pattern", "patternProperties", "$ref", "$dynamicRef", "$defs", "definitions", "format"]);

/** Why an answer cannot be asked for in this shape; null: it can. */
export function schemaProblem(schema: Record<string, unknown>): string | null {
  if (JSON.stringify(schema).length > MAX_SCHEMA) return `is longer than ${MAX_SCHEMA.toLocaleString("en")} characters`;
  const refused = keywordsIn(schema, 0).find((name) => REFUSED.has(name));
  if (refused !== undefined) return `uses ${refused}, which is not looked at here`;
  try {
    z.fromJSONSchema(schema);
    return null;
  } catch {
    return "is no JSON Schema that can be checked";
  }
}

/** The keywords of a schema and of those in it; names of properties are none. */
function keywordsIn(schema: unknown, depth: number): string[] {
  if (depth > 20 || typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((one) => keywordsIn(one, depth + 1));
  return Object.entries(schema).flatMap(([name, value]) => {
    if (["const", "enum", "default", "examples"].includes(name)) return [name];
    const inner: unknown[] = name === "properties" && typeof value === "object" && value !== null ? Object.values(value) : [value];
    return [name, ...inner.flatMap((one) => keywordsIn(one, depth + 1))];
  });
}

/** What a result says as JSON: all of it, or the last block of code in it. `undefined`: nothing. */
export function answerIn(result: string): unknown {
  const blocks = [...result.matchAll(/```(?:json)?[ \t]*\n([\s\S]*?)\n[ \t]*```/g)].map(([, block = ""]) => block);
  for (const text of [result, blocks.at(-1)]) {
    if (text === undefined) continue;
    try {
      return JSON.parse(text);
    } catch {
      // No JSON: the next.
    }
  }
  return undefined;
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
  return parsed.error.issues.slice(0, 5).map(({ path, message }) => {
    const at = path.length === 0 ? "The answer" : `"${path.map(String).join(".").slice(0, 100)}"`;
    return { correct: `${at}: ${message}`, note: `The answer does not fit what was asked for. ${at}: ${message}` };
  });
}
