import table from "./table.json" with { type: "json" };

/** A field of a method or type: which types it takes. */
interface Field {
  name: string;
  required: boolean;
  types: string[];
}

const lines = (record: Record<string, string>) => new Map(Object.entries(record));
const methods = lines(table.methods);
const types = lines(table.types);

/** The parameters of a method; undefined: the Bot API has no such method. Names are found in any case, as by the real server. */
export function parametersOf(method: string): Field[] | undefined {
  const name = [...methods.keys()].find((known) => known.toLowerCase() === method.toLowerCase());
  return name === undefined ? undefined : fields(methods.get(name) ?? "");
}

/** The fields of a type such as `Update`. */
export const fieldsOf = (type: string): Field[] => fields(types.get(type) ?? "");

function fields(line: string): Field[] {
  if (line === "") return [];
  return line.split(" ").map((field) => {
    const [name = "", union = ""] = field.split(":");
    return { name: name.replace("!", ""), required: name.endsWith("!"), types: union.split("|") };
  });
}

/**
 * What is wrong with a value of a type, as a path and a sentence; null: nothing. Unknown fields are wrong: for calls and updates made by
 * tests they are a mistake, though the real server would look away.
 */
export function problemOf(value: unknown, type: string, path = type): string | null {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return `${path} must be an array`;
    for (const [index, item] of value.entries()) {
      const problem = problemOf(item, type.slice(0, -2), `${path}[${index}]`);
      if (problem) return problem;
    }
    return null;
  }
  switch (type) {
    case "Integer":
      return Number.isSafeInteger(value) ? null : `${path} must be a whole number`;
    case "Float":
      return typeof value === "number" ? null : `${path} must be a number`;
    case "Boolean":
      return typeof value === "boolean" ? null : `${path} must be a boolean`;
    case "String":
    case "InputFile":
      return typeof value === "string" ? null : `${path} must be a string`;
  }
  const line = types.get(type);
  if (line === undefined) return `${path} has the unknown type ${type}`;
  if (line.startsWith("=")) return anyOf(value, line.slice(1).split("|"), path);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return `${path} must be an object`;
  return problemOfFields(value, fields(line), path);
}

/** The same for an object of fields: the parameters of a call. */
export function problemOfFields(value: object, known: Field[], path: string): string | null {
  for (const key of Object.keys(value)) if (!known.some((field) => field.name === key)) return `${path}.${key} is not known`;
  for (const field of known) {
    const item: unknown = Reflect.get(value, field.name);
    if (item === undefined) {
      if (field.required) return `${path}.${field.name} is missing`;
      continue;
    }
    const problem = anyOf(item, field.types, `${path}.${field.name}`);
    if (problem) return problem;
  }
  return null;
}

function anyOf(value: unknown, union: string[], path: string): string | null {
  const problems = union.map((type) => problemOf(value, type, path));
  return problems.includes(null) ? null : (problems[0] ?? `${path} is not valid`);
}
