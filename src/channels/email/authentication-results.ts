/** One statement of the field: `dkim=pass header.d=example.com`. Methods, results and property names are in lower case. */
export interface MethodResult {
  method: string;
  result: string;
  /** By `ptype.property`; of one that stands twice the whole field is refused. */
  properties: ReadonlyMap<string, string>;
}

export interface AuthenticationResults {
  /** Who checked, in lower case. */
  authservId: string;
  results: readonly MethodResult[];
}

/** Longer than what any server writes, and nobody waits for it to be read. */
const MAX_FIELD = 16_384;
const MAX_RESULTS = 50;

/** A keyword, RFC 5321 `Keyword`: what methods, results, ptypes and properties are made of. */
const KEYWORD = /[a-z0-9](?:[a-z0-9-]*[a-z0-9])?/iy;
/** What may stand as a value without quotes: a token of RFC 2045, 5.1, or an address or domain. */
const VALUE = /[^\s()<>,;:\\"[\]?=\p{Cc}]+/uy;
const QUOTED = /"(?:[^"\\\r\n]|\\[^\r\n])*"/y;

/**
 * Reads the value of an `Authentication-Results` field (RFC 8601, 2.2). null: it is not exactly of that grammar. Strict on purpose: parts of such a field (the address of the envelope, the
 * name a server greets with) are somebody else's text, and what does not parse may have been made so.
 */
export function readAuthenticationResults(field: string): AuthenticationResults | null {
  if (field.length > MAX_FIELD) return null;
  const reader = new Reader(field);
  try {
    return reader.field();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

class Malformed extends Error {}

class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  field(): AuthenticationResults {
    this.#space();
    const authservId = this.#value().toLowerCase();
    this.#space();
    // The version, which is 1 wherever it stands (RFC 8601, 2.5).
    if (/\d/.test(this.text[this.#at] ?? "") && this.#keyword() !== "1") throw new Malformed();
    const results: MethodResult[] = [];
    for (this.#space(); this.#at < this.text.length; this.#space()) {
      this.#expect(";");
      this.#space();
      // Some servers end the last statement like the others.
      if (this.#at === this.text.length) break;
      const method = this.#keyword();
      if (method === "none" && results.length === 0 && this.#rest() === "") return { authservId, results };
      results.push(this.#result(method));
      if (results.length > MAX_RESULTS) throw new Malformed();
    }
    return { authservId, results };
  }

  #result(method: string): MethodResult {
    this.#space();
    if (this.#take("/")) {
      this.#space();
      this.#keyword();
      this.#space();
    }
    this.#expect("=");
    this.#space();
    const result = this.#keyword();
    const properties = new Map<string, string>();
    for (;;) {
      const before = this.#at;
      this.#space();
      if (this.#at === this.text.length || this.text[this.#at] === ";") return { method, result, properties };
      // A property begins after white space or a comment; `dmarc=passx.y=z` is none.
      if (this.#at === before) throw new Malformed();
      let name = this.#keyword();
      this.#space();
      if (this.#take(".")) {
        this.#space();
        name = `${name}.${this.#keyword()}`;
        this.#space();
      } else if (name !== "reason") throw new Malformed();
      this.#expect("=");
      this.#space();
      if (properties.has(name)) throw new Malformed();
      properties.set(name, this.#value());
    }
  }

  /** White space and comments, which may be inside each other (RFC 5322, 3.2.2). */
  #space(): void {
    for (;;) {
      while (/[ \t\r\n]/.test(this.text[this.#at] ?? "")) this.#at++;
      if (this.text[this.#at] !== "(") return;
      let depth = 0;
      do {
        const character = this.text[this.#at];
        if (character === undefined) throw new Malformed();
        if (character === "\\") this.#at++;
        if (character === "(") depth++;
        if (character === ")") depth--;
        this.#at++;
      } while (depth > 0);
    }
  }

  #keyword(): string {
    return this.#match(KEYWORD).toLowerCase();
  }

  #value(): string {
    if (this.text[this.#at] !== '"') return this.#match(VALUE);
    return this.#match(QUOTED).slice(1, -1).replaceAll(/\\(.)/g, "$1");
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new Malformed();
    this.#at += found.length;
    return found;
  }

  #take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new Malformed();
  }

  #rest(): string {
    this.#space();
    return this.text.slice(this.#at);
  }
}
