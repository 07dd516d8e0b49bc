import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from "yaml";

/** What YAML can say, as plain values; maps have no prototype. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/**
 * How deep, how many values, how many times an alias may stand for something; UTF-16 units, and brackets open at once, that the parser is given at all: its work grows faster than
 * its text. Of 14,000 skills the longest frontmatter but one had 3,000.
 */
const LIMITS = { depth: 24, values: 2_000, aliases: 50, text: 8 * 1024, open: 64 };

/**
 * Reads one YAML map as data: the core schema, no tag makes anything, aliases are counted, the first of two same keys stays. null: it is no YAML, or no map.
 */
export function readYaml(text: string): { fields: Record<string, Plain>; warnings: string[] } | null {
  if (text.length > LIMITS.text || opened(text) > LIMITS.open) return null;
  try {
    const document = parseDocument(text, { schema: "core", uniqueKeys: false, prettyErrors: false, logLevel: "silent", merge: false });
    if (document.errors.length > 0) return null;
    const reader = new Reader(document);
    const value = reader.plain(document.contents, 0);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
    const unknownTags = document.warnings.length > 0;
    return { fields: value, warnings: [...reader.warnings, ...(unknownTags ? ["It has YAML tags that mean nothing here."] : [])] };
  } catch {
    // Nesting beyond the stack, or past our limits.
    return null;
  }
}

/** How many brackets, or dashes of lists within lists, are open at once at most; those in quotes count as well. */
function opened(text: string): number {
  let most = 0;
  let open = 0;
  for (const character of text) {
    if (character === "[" || character === "{") most = Math.max(most, ++open);
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
  }
  return /(?:[-?] ){65}/.test(text) ? Number.POSITIVE_INFINITY : most;
}

class Reader {
  readonly warnings = new Set<string>();
  #values = 0;
  #aliases = 0;

  constructor(private readonly document: Document) {}

  plain(node: unknown, depth: number): Plain {
    if (depth > LIMITS.depth || ++this.#values > LIMITS.values) throw new RangeError("more than a frontmatter holds");
    if (isAlias(node)) {
      if (++this.#aliases > LIMITS.aliases) throw new RangeError("more aliases than a frontmatter needs");
      const named = node.resolve(this.document);
      // A text that begins with a star is no alias: it is read as a text, line by line.
      if (named === undefined) throw new RangeError("an alias of nothing");
      return this.plain(named, depth + 1);
    }
    if (isScalar(node)) return scalar(node.value);
    if (isSeq(node)) return node.items.map((item) => this.plain(item, depth + 1));
    if (!isMap(node)) return null;
    const fields: Record<string, Plain> = Object.create(null);
    for (const { key, value } of node.items) {
      const name = keyOf(this.plain(key, depth + 1));
      if (Object.hasOwn(fields, name)) this.warnings.add(`The field "${name.slice(0, 60)}" stands twice; the first one counts.`);
      else fields[name] = this.plain(value, depth + 1);
    }
    return fields;
  }
}

const keyOf = (key: Plain): string => (key === null || typeof key === "object" ? JSON.stringify(key) : String(key));

const scalar = (value: unknown): Plain =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)) ? value : null;
