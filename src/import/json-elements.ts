import { MargayError } from "../errors.ts";
import { joinBytes } from "../join-bytes.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
// Compared, not looked up: this runs for every byte of hundreds of megabytes.
const opens = (byte: number): boolean => byte === 0x5b || byte === 0x7b;
const closes = (byte: number): boolean => byte === 0x5d || byte === 0x7d;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
const BOM = [0xef, 0xbb, 0xbf];

/**
 * The elements of the JSON array that a stream of UTF-8 is, parsed one after the other: exports have hundreds of megabytes, and memory for one conversation at a time. A value that is no
 * array is one element. An element longer than `most` bytes is null. Throws `invalid_request` for what is not JSON or ends in the middle.
 */
export function* jsonElements(chunks: Iterable<Uint8Array>, most: number): Generator<unknown, void> {
  const held = new Held(most);
  let started = false;
  let inArray = false;
  let ended = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let offset = 0;
  for (const chunk of chunks) {
    // Where the running element goes on in this chunk; -1: between elements.
    let from = held.open ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      if (from === -1) {
        if (isSpace(byte) || (offset + at < 3 && byte === BOM[offset + at])) continue;
        if (ended) throw broken();
        if (!started) {
          started = true;
          if (byte === 0x5b) {
            inArray = true;
            continue;
          }
        } else if (byte === COMMA) continue;
        else if (byte === 0x5d) {
          ended = true;
          continue;
        }
        from = at;
        held.open = true;
      }
      if (byte === QUOTE) inString = true;
      else if (opens(byte)) depth++;
      else if (closes(byte) && depth > 0) depth--;
      else if (depth === 0 && inArray && (byte === COMMA || byte === 0x5d)) {
        // A number or a word ends where the next sign stands.
        held.add(chunk.subarray(from, at));
        yield held.take();
        from = -1;
        ended = byte === 0x5d;
        continue;
      } else continue;
      if (depth === 0 && !inString && closes(byte)) {
        held.add(chunk.subarray(from, at + 1));
        yield held.take();
        from = -1;
        ended = !inArray;
      }
    }
    if (from !== -1) held.add(chunk.subarray(from));
    offset += chunk.length;
  }
  if (held.open && !inArray && depth === 0 && !inString) yield held.take();
  else if (held.open || !started || (inArray && !ended)) throw broken();
}

/** The bytes of the running element, as far as they may be kept. */
class Held {
  open = false;
  #parts: Uint8Array[] = [];
  #length = 0;
  constructor(private readonly most: number) {}

  add(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.most) this.#parts = [];
    // A copy: the bytes of the stream may be used again for what comes next.
    else if (part.length > 0) this.#parts.push(part.slice());
  }

  take(): unknown {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    this.open = false;
    if (length > this.most) return null;
    try {
      return JSON.parse(new TextDecoder().decode(joinBytes(parts)));
    } catch {
      throw broken();
    }
  }
}

const broken = (): MargayError =>
  new MargayError("invalid_request", "The file is not valid JSON, or it is cut off. Download the export again and bring it as it is.");

export type Json = Record<string, unknown>;

/** Exports change without notice: every field is looked at, none is relied on. */
export const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const stringOf = (value: unknown): string => (typeof value === "string" ? value : "");
