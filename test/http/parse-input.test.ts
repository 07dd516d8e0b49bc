import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseInput } from "../../src/http/parse-input.ts";
import { RestoreInput } from "../../src/workspace/shapes.ts";

const refusal = (schema: z.ZodType, value: unknown): string => {
  try {
    parseInput(schema, value, "body");
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
};

describe("parseInput()", () => {
  test("says what is missing, and what must be a number", () => {
    const schema = z.object({ path: z.string(), limit: z.coerce.number().int().optional(), kind: z.enum(["a"]).default("a") });
    expect(parseInput(schema, { path: "/a", limit: "3" }, "query")).toEqual({ path: "/a", limit: 3, kind: "a" });
    expect(refusal(schema, {})).toBe("The body is not valid: path: is missing");
    expect(refusal(schema, { path: "/a", limit: "many" })).toBe("The body is not valid: limit: must be a number");
    expect(refusal(schema, { path: 1 })).toBe("The body is not valid: path: Invalid input: expected string, received number");
  });

  test("says of what has several forms why it is none of them", () => {
    expect(refusal(RestoreInput, {})).toBe(
      "The body is not valid: It has one of 2 forms; 1. path: is missing, version: is missing; 2. id: is missing",
    );
    expect(refusal(RestoreInput, { path: "/a", version: "1" })).toContain(
      "1. version: Invalid input: expected number, received string; 2. ",
    );
    expect(refusal(z.object({ value: z.json() }), {})).toBe("The body is not valid: value: is missing");
  });
});
