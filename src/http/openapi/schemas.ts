import { z } from "zod";
import { names } from "./names.ts";

/** A JSON Schema (2020-12, which OpenAPI 3.1 uses as it is). */
export interface JsonSchema {
  [keyword: string]: unknown;
}

const INTEGER_BOUNDS = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } as const;

/** Turns zod schemas into JSON schemas and collects the named ones under `#/components/schemas/`. */
export class SchemaBook {
  readonly components: Record<string, JsonSchema> = {};

  /**
   * `input`: what a client may send; `output`: what it gets. A named schema that differs between the two (defaults, trimming) is shown
   * under `<name>` as output and `<name>Input` as input.
   */
  write(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, {
      metadata: names,
      io,
      unrepresentable: "any",
      // Names are looked up in a registry of their own, so what schemas say of themselves is asked for here.
      override: ({ zodSchema, jsonSchema }) => Object.assign(jsonSchema, z.globalRegistry.get(zodSchema)),
    });
    const renamed = new Map<string, string>();
    const defs = Object.entries($defs ?? {}).map(([name, definition]): [string, JsonSchema] => [name, { ...definition }]);
    for (const [name] of defs) renamed.set(name, io === "input" && differs(name) ? `${name}Input` : name);
    const relink = (value: unknown): unknown => tidy(value, renamed);
    for (const [name, definition] of defs) this.components[renamed.get(name) ?? name] ??= asSchema(relink(definition));
    return asSchema(relink(root));
  }
}

/** Whether a named schema looks different to a sender and to a reader. */
function differs(name: string): boolean {
  const known = differing.get(name);
  if (known !== undefined) return known;
  const schema = z.toJSONSchema(names, { io: "input", unrepresentable: "any" }).schemas;
  const output = z.toJSONSchema(names, { io: "output", unrepresentable: "any" }).schemas;
  for (const key of Object.keys(schema)) differing.set(key, reachable(key, schema) !== reachable(key, output));
  return differing.get(name) ?? false;
}
const differing = new Map<string, boolean>();

/** A schema with everything it refers to, as text to compare. `additionalProperties: false` is how zod marks output and does not count. */
function reachable(name: string, schemas: Record<string, unknown>): string {
  const seen = new Set<string>();
  const parts: string[] = [];
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const text = JSON.stringify(schemas[next]).replaceAll(',"additionalProperties":false', "");
    parts.push(text);
    for (const match of text.matchAll(/"\$ref":"(?:#\/\$defs\/)?(\w+)"/g)) if (match[1]) queue.push(match[1]);
  }
  return parts.join("\n");
}

/**
 * Relinks references to the components, drops bounds that only say "a whole number that JSON can hold", and
 * `additionalProperties: false` of answers: fields may be added to an answer.
 */
function tidy(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => tidy(item, renamed));
  if (typeof value !== "object" || value === null) return value;
  const result: JsonSchema = {};
  for (const [key, part] of Object.entries(value)) {
    if (key === "$ref" && typeof part === "string") {
      const name = part.slice(part.lastIndexOf("/") + 1);
      result[key] = `#/components/schemas/${renamed.get(name) ?? name}`;
    } else if ((key === "minimum" || key === "maximum") && part === INTEGER_BOUNDS[key]) continue;
    else if (key === "id" && typeof part === "string" && renamed.has(part)) continue;
    else if (key === "additionalProperties" && part === false) continue;
    else if (key === "propertyNames") continue;
    else result[key] = tidy(part, renamed);
  }
  return result;
}

const asSchema = (value: unknown): JsonSchema => (typeof value === "object" && value !== null ? { ...value } : {});
