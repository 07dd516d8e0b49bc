import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from "yaml";

/** What YAML can say, as plain values; maps have no prototype. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** How deep, how many values, how many times an alias may stand for something. */
const LIMITS = { depth: 24, values: 4_000, aliases: 50 };

/**
 * Reads one YAML map as data: the core schema, no tag makes anything, aliases are counted, the first of two same keys stays. null: it is no YAML, or no map.
 */
export function readYaml(text: string): { fields: Record<string, Plain>; warnings: string[] } | null {
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

class Reader {
  readonly warnings = new Set<string>();
  #values = 0;
  #aliases = 0;

  constructor(private readonly document: Document) {}

  plain(node: unknown, depth: number): Plain {
    if (depth > LIMITS.depth || ++this.#values > LIMITS.values) throw new RangeError("more than a frontmatter holds");
    if (isAlias(node)) {
      if (++this.#aliases > LIMITS.aliases) throw new RangeError("more aliases than a frontmatter needs");
      return this.plain(node.resolve(this.document), depth + 1);
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
