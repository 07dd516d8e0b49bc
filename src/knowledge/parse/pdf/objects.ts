/**
 * How many objects of a PDF stand in it more than once and do not close the brackets they open. Of honest files none: a changed object is written again, but whole.
 */
export function unclosedObjects(bytes: Uint8Array): number {
  const seen = new Set<number>();
  let unclosed = 0;
  /** Where the content of the last object begins that was seen before; -1: it was not. */
  let open = -1;
  for (let at = bytes.indexOf(0x6f); at !== -1; at = bytes.indexOf(0x6f, at + 1)) {
    if (bytes[at + 1] !== 0x62 || bytes[at + 2] !== 0x6a) continue;
    const ends = bytes[at - 1] === 0x64;
    const number = ends ? -1 : numberBefore(bytes, at);
    if (!ends && number === -1) continue;
    if (open !== -1 && !closes(bytes, open, at)) unclosed++;
    open = !ends && seen.has(number) ? at + 3 : -1;
    if (!ends) seen.add(number);
  }
  if (open !== -1 && !closes(bytes, open, bytes.length)) unclosed++;
  return unclosed;
}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c || byte === 0;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** The number in `12 0 obj`, the word being at `at`; -1: none stands there. */
function numberBefore(bytes: Uint8Array, at: number): number {
  let from = at;
  for (let count = 0; count < 2; count++) {
    const before = from;
    while (from > 0 && isSpace(bytes[from - 1]) && before - from < 20) from--;
    const end = from;
    while (from > 0 && isDigit(bytes[from - 1]) && end - from < 12) from--;
    if (from === end) return -1;
    if (count === 1) return Number(String.fromCharCode(...bytes.subarray(from, end)));
  }
  return -1;
}

/** Whether the brackets that are opened at `from`, if any, are closed before `to`. */
function closes(bytes: Uint8Array, from: number, to: number): boolean {
  /** What must come to close them. */
  const expected: string[] = [];
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0x25) {
      while (at < to && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
    } else if (byte === 0x28) {
      at = afterString(bytes, at, to);
      if (at === -1) return false;
    } else if (byte === 0x3c && bytes[at + 1] === 0x3c) {
      expected.push(">>");
      at++;
    } else if (byte === 0x5b) expected.push("]");
    else if (byte === 0x3c) {
      at = bytes.subarray(0, to).indexOf(0x3e, at);
      if (at === -1) return false;
    } else if (byte === 0x5d || byte === 0x3e) {
      if (expected.pop() !== (byte === 0x5d ? "]" : ">>")) return false;
      if (byte === 0x3e) at++;
    } else if (isSpace(byte)) continue;
    if (expected.length === 0) return true;
  }
  return expected.length === 0;
}

/** Where a string in parentheses ends; -1: not before `to`. */
function afterString(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0x5c) at++;
    else if (byte === 0x28) depth++;
    else if (byte === 0x29 && --depth === 0) return at;
  }
  return -1;
}
