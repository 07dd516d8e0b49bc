const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What is wrong with arguments by a JSON Schema from outside, as `path: message`; empty: nothing. Looks at `type`, `required`, `properties`, `additionalProperties: false`, `items`,
 * `enum` and `const`. Every other keyword is somebody else's to check, and one that cannot be read refuses nothing. Arguments are an object in any case.
 */
export function schemaProblems(schema: unknown, value: unknown): string[] {
  return isObject(value) ? problems(schema, value, "") : ["input: expected object"];
}

function problems(schema: unknown, value: unknown, path: string): string[] {
  const at = path === "" ? "input" : path;
  if (schema === false) return [`${at}: not allowed`];
  if (!isObject(schema)) return [];
  const types = [schema["type"]].flat().filter((type) => typeof type === "string" && type in TYPES);
  if (types.length > 0 && !types.some((type) => TYPES[String(type)]?.(value))) return [`${at}: expected ${types.join(" or ")}`];
  const allowed = Array.isArray(schema["enum"]) ? schema["enum"] : "const" in schema ? [schema["const"]] : null;
  if (allowed !== null && !allowed.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    return [`${at}: expected one of ${JSON.stringify(allowed)}`];
  if (Array.isArray(value)) return value.flatMap((item, index) => problems(schema["items"], item, `${at}[${index}]`));
  return isObject(value) ? objectProblems(schema, value, path) : [];
}

function objectProblems(schema: Record<string, unknown>, value: Record<string, unknown>, path: string): string[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const missing = required.filter((name) => typeof name === "string" && !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${below(String(name))}: is required`),
    ...Object.entries(value).flatMap(([name, member]) => {
      if (Object.hasOwn(properties, name)) return problems(properties[name], member, below(name));
      return schema["additionalProperties"] === false ? [`${below(name)}: is not known`] : [];
    }),
  ];
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};
