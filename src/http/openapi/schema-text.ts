import type { JsonSchema } from "./schemas.ts";

/** A piece of text for the page; `link` is the name of a schema. */
export type Piece = string | { link: string };

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A schema in a short notation near to TypeScript's, for people. */
export function schemaText(schema: JsonSchema, indent = ""): Piece[] {
  const { $ref, type } = schema;
  if (typeof $ref === "string") return [{ link: $ref.slice($ref.lastIndexOf("/") + 1) }];
  if ("const" in schema) return [JSON.stringify(schema.const)];
  if (Array.isArray(schema.enum))
    return [
      list(schema.enum)
        .map((value) => JSON.stringify(value))
        .join(" | "),
    ];
  const choices = list(schema.oneOf ?? schema.anyOf).filter(isSchema);
  if (choices.length > 0)
    return joined(
      choices.map((choice) => schemaText(choice, indent)),
      " | ",
    );
  const parts = list(schema.allOf).filter(isSchema);
  if (parts.length > 0)
    return joined(
      parts.map((part) => schemaText(part, indent)),
      " & ",
    );
  if (Array.isArray(type))
    return joined(
      list(type).map((one) => schemaText({ ...schema, type: one }, indent)),
      " | ",
    );
  if (type === "array") return [...(isSchema(schema.items) ? schemaText(schema.items, indent) : ["unknown"]), `[]${limits(schema)}`];
  if (type === "object") return objectText(schema, indent);
  return [typeof type === "string" ? `${type}${limits(schema)}` : "any"];
}

/** What stands where nothing is said. */
export const presetOf = (schema: JsonSchema): string => ("default" in schema ? ` = ${JSON.stringify(schema.default)}` : "");

function objectText(schema: JsonSchema, indent: string): Piece[] {
  if (!isSchema(schema.properties))
    return isSchema(schema.additionalProperties) ? ["object of ", ...schemaText(schema.additionalProperties, indent)] : ["object"];
  const needed = new Set(list(schema.required));
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties).flatMap(([name, field]): Piece[] => {
    const value = isSchema(field) ? field : {};
    const said = typeof value.description === "string" ? `  // ${value.description}` : "";
    return [`${inner}${name}${needed.has(name) ? "" : "?"}: `, ...schemaText(value, inner), `${presetOf(value)}${said}\n`];
  });
  return ["{\n", ...fields, `${indent}}`];
}

/** Lengths, ranges and formats, in brackets. */
function limits(schema: JsonSchema): string {
  const parts = [
    ...(typeof schema.format === "string" ? [schema.format] : []),
    ...range(schema.minimum ?? schema.minLength ?? schema.minItems, schema.maximum ?? schema.maxLength ?? schema.maxItems),
  ];
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}

function range(low: unknown, high: unknown): string[] {
  if (typeof low === "number") return [typeof high === "number" ? `${low}–${high}` : `≥ ${low}`];
  return typeof high === "number" ? [`≤ ${high}`] : [];
}

const joined = (pieces: Piece[][], between: string): Piece[] =>
  pieces.flatMap((piece, index) => (index === 0 ? piece : [between, ...piece]));
