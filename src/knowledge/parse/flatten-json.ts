import { DocumentError } from "../parsed.ts";

/** Values inside each other. */
const MAX_DEPTH = 100;
/** Characters of values of one list that stand in one line. */
const LINE = 300;

/** Between lines: how far it is, how many characters were read since the last, and whether an outer item ends here. */
export interface JsonPlace {
  at: number;
  read: number;
  boundary: boolean;
}

interface Level {
  /** Of an object its key, of a list the index, as they are written in a path. */
  step: string;
  /** Of a list: items so far; null: an object. */
  index: number | null;
  /** Keys or items that are not written yet. */
  begun: boolean;
}

const TOKEN = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/sy;

/**
 * Reads JSON and writes its leaves as lines, `a.b[0].c: value`; short values of one list share a line. The values are never built: objects for 10 MB of small ones would take
 * twenty times that. Throws `DocumentError`: `damaged` with the line, or `too_deep`.
 */
export function* flattenJson(text: string): Generator<string | JsonPlace, void> {
  const levels: Level[] = [];
  const lines = new Lines();
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let values = 0;
  /** What may come: a value, a value or the end of the list, a key or the end of the object, a key, or what stands after a value. */
  let next: "value" | "item" | "first-key" | "key" | "after" = "value";
  let last = at;
  const several = isSeveral(text, at);
  const path = (): string =>
    (several ? `[${values}]` : "") + levels.map(({ step }, depth) => (depth === 0 && !several ? step.replace(/^\./, "") : step)).join("");
  for (;;) {
    if (next === "value" && levels.length === 0 && isSpace(text, at)) break;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) throw damaged(text, at);
    at = TOKEN.lastIndex;
    const [, mark, string, plain] = token;
    const level = levels.at(-1);
    if (next === "first-key" || next === "key") {
      if (mark === "}" && next === "first-key") {
        levels.pop();
      } else {
        if (string === undefined || level === undefined || text[skip(text, at)] !== ":") throw damaged(text, at);
        at = skip(text, at) + 1;
        level.step = stepOf(textOf(string, text, at));
        next = "value";
        continue;
      }
    } else if (next === "after") {
      if (mark === "," && level !== undefined) {
        if (level.index !== null) level.step = `[${++level.index}]`;
        next = level.index === null ? "key" : "value";
        continue;
      }
      if (level === undefined || mark !== (level.index === null ? "}" : "]")) throw damaged(text, at);
      levels.pop();
    } else if (mark === "]" && next === "item") {
      levels.pop();
    } else if (mark === "{" || mark === "[") {
      if (levels.length >= MAX_DEPTH) throw new DocumentError("too_deep", `It has values nested more than ${MAX_DEPTH} times.`);
      yield* lines.end();
      levels.push({ step: mark === "{" ? "" : "[0]", index: mark === "{" ? null : 0, begun: false });
      next = mark === "{" ? "first-key" : "item";
      continue;
    } else {
      const leaf = string ?? plain;
      if (leaf === undefined) throw damaged(text, at);
      const shown = string === undefined ? leaf : textOf(string, text, at);
      if (level !== undefined && level.index !== null) {
        const own = level.step;
        level.step = "";
        const list = path();
        level.step = own;
        yield* lines.item(list, shown);
      } else {
        yield* lines.end();
        yield line(path(), shown);
      }
    }
    // A value has ended.
    next = "after";
    if (levels.length === 0) {
      next = "value";
      values++;
    }
    const boundary = levels.length <= 1;
    if (boundary && mark !== undefined) yield* lines.end();
    yield { at, read: at - last, boundary: boundary && mark !== undefined };
    last = at;
  }
  if (levels.length > 0 || values === 0) throw damaged(text, at);
  yield* lines.end();
}

/** Values of one list, gathered to a line. */
class Lines {
  #path = "";
  #items: string[] = [];
  #length = 0;

  *item(path: string, value: string): Generator<string, void> {
    if (this.#items.length > 0 && (path !== this.#path || this.#length + value.length > LINE)) yield* this.end();
    this.#path = path;
    this.#items.push(value);
    this.#length += value.length + 2;
  }

  *end(): Generator<string, void> {
    if (this.#items.length > 0) yield line(this.#path, this.#items.join(this.#items.some((item) => item.includes("\n")) ? "\n" : ", "));
    this.#items = [];
    this.#length = 0;
  }
}

/** Long paths are shortened in front: what is near the value says more. */
const line = (path: string, text: string): string => {
  const shown = path.length > 300 ? `…${path.slice(-300)}` : path;
  return shown === "" ? text : `${shown}: ${text}`;
};

const stepOf = (key: string): string => (/^[\p{L}\p{N}_$-]+$/u.test(key) ? `.${key}` : `["${key.slice(0, 200)}"]`);

function textOf(string: string, text: string, at: number): string {
  try {
    return String(JSON.parse(string));
  } catch {
    throw damaged(text, at);
  }
}

const isSpace = (text: string, from: number): boolean => skip(text, from) === text.length;

function skip(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at] ?? "x")) at++;
  return at;
}

/** Whether a second value begins on the second line: JSON Lines, where each has its number in the path. */
function isSeveral(text: string, from: number): boolean {
  const end = text.indexOf("\n", from);
  if (end === -1) return false;
  return (
    /^[[{]/.test(text.slice(skip(text, from), end)) &&
    /[\]}]\s*$/.test(text.slice(Math.max(from, end - 20), end)) &&
    /^\s*[[{]/.test(text.slice(end, end + 200))
  );
}

function damaged(text: string, at: number): DocumentError {
  let number = 1;
  for (let from = text.indexOf("\n"); from !== -1 && from < at; from = text.indexOf("\n", from + 1)) number++;
  return new DocumentError("damaged", at >= text.length ? "The JSON ends too early." : `It is no valid JSON: see line ${number}.`);
}
