import { readYaml, type Plain } from "./read-yaml.ts";

const FIELD = /^([A-Za-z_][\w-]{0,60})[ \t]*:(?:[ \t]+(.*)|[ \t]*)$/;

/** The fields of a frontmatter. `warnings`: how it had to be read. null: there is no field in it. */
export function readFields(yaml: string): { fields: Record<string, Plain>; warnings: string[] } | null {
  const strict = readYaml(yaml);
  if (strict) return strict;
  if (yaml.includes("\t")) {
    const spaced = readYaml(yaml.replaceAll("\t", "  "));
    if (spaced) return { ...spaced, warnings: ["Tabs in its frontmatter were read as spaces.", ...spaced.warnings] };
  }
  const fields = byLines(yaml);
  return Object.keys(fields).length === 0
    ? null
    : {
        fields,
        warnings: [
          "Its frontmatter is not valid YAML, or too long for it; it was read line by line (a text with a colon in it needs quotes).",
        ],
      };
}

/** Field by field: each as YAML where that works, else as the text that stands there. */
function byLines(yaml: string): Record<string, Plain> {
  const fields: Record<string, Plain> = Object.create(null);
  let name: string | null = null;
  let lines: string[] = [];
  const keep = (): void => {
    if (name !== null && !Object.hasOwn(fields, name)) fields[name] = valueOf(name, lines);
  };
  for (const line of yaml.split("\n")) {
    const field = FIELD.exec(line);
    if (field?.[1] === undefined) {
      lines.push(line);
      continue;
    }
    keep();
    name = field[1];
    lines = [line];
  }
  keep();
  return fields;
}

function valueOf(name: string, lines: readonly string[]): Plain {
  const read = readYaml(lines.join("\n").replaceAll("\t", "  "));
  const value = read?.fields[name];
  if (value !== undefined) return value;
  const [first = "", ...rest] = lines;
  const start = (FIELD.exec(first)?.[2] ?? "").trim();
  const block = /^[|>][+-]?\d?$/.test(start);
  const text = [block ? "" : start, ...rest.map((line) => line.trim())]
    .filter((line) => line !== "")
    .join(block && start.startsWith("|") ? "\n" : " ");
  return unquoted(text);
}

/** Without the quotes around it, also where the closing one is missing. */
function unquoted(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  const inner = text.endsWith(quote) && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  return quote === '"' ? inner.replaceAll('\\"', '"') : inner.replaceAll("''", "'");
}
