import { DocumentError } from "../../parsed.ts";
import type { Work } from "../work.ts";

/** What stands in an RTF file, one after the other. */
export interface RtfHandler {
  /** A group begins. */
  open(): void;
  close(): void;
  /** A control word with its number; null: it has none. Signs (`\~`, `\*`) are words of one character. */
  word(name: string, value: number | null): void;
  /** Text, in an encoding that the words before it tell: these bytes of the file. */
  text(bytes: Uint8Array, from: number, to: number): void;
  /** The same, of one byte that is written as a number. */
  byte(code: number): void;
}

const MAX_DEPTH = 500;
/** Bytes read before others have their turn. */
const PIECE = 64 * 1024;
/** Bytes of text that are told at once. */
export const MAX_TEXT = 32 * 1024;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Reads RTF (specification 1.9.1, "Conventions of an RTF Reader"). Throws `DocumentError`: `too_deep`, `damaged` where it ends within a group. */
export async function readRtf(bytes: Uint8Array, handler: RtfHandler, work: Work): Promise<void> {
  let depth = 0;
  let at = 0;
  let turn = PIECE;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === OPEN) {
      if (++depth > MAX_DEPTH) throw new DocumentError("too_deep", `The document has groups nested more than ${MAX_DEPTH} times.`);
      handler.open();
      at++;
    } else if (byte === CLOSE) {
      handler.close();
      at++;
      // What stands behind the document is none of it.
      if (--depth === 0) return;
    } else if (byte === BACKSLASH) at = readWord(bytes, at + 1, handler);
    else if (byte === 0x0d || byte === 0x0a || byte === 0) at++;
    else {
      const end = endOfText(bytes, at);
      handler.text(bytes, at, end);
      at = end;
    }
    if (at < turn) continue;
    turn = at + PIECE;
    const pause = work.spend(PIECE);
    if (pause) await pause;
  }
  throw new DocumentError("damaged", "The document is damaged: its text is cut off.");
}

function endOfText(bytes: Uint8Array, from: number): number {
  const most = Math.min(bytes.length, from + MAX_TEXT);
  let at = from + 1;
  for (; at < most; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH || byte === OPEN || byte === CLOSE || byte === 0x0d || byte === 0x0a || byte === 0) break;
  }
  return at;
}

/** Reads what stands behind a backslash, and gives back where the next begins. */
function readWord(bytes: Uint8Array, from: number, handler: RtfHandler): number {
  let at = from;
  while (at < from + 32 && isLetter(bytes[at])) at++;
  if (at === from) return readSign(bytes, from, handler);
  const name = ascii(bytes, from, at);
  const negative = bytes[at] === 0x2d && isDigit(bytes[at + 1]);
  if (negative) at++;
  let value: number | null = null;
  for (const start = at; at < start + 10 && isDigit(bytes[at]); at++) value = (value ?? 0) * 10 + (bytes[at] ?? 0) - 0x30;
  if (bytes[at] === 0x20) at++;
  // So many bytes that are no text.
  if (name === "bin") return at + Math.max(0, value ?? 0);
  handler.word(name, value !== null && negative ? -value : value);
  return at;
}

function readSign(bytes: Uint8Array, at: number, handler: RtfHandler): number {
  const sign = bytes[at];
  if (sign === 0x27) {
    const code = Number.parseInt(ascii(bytes, at + 1, at + 3), 16);
    if (!Number.isNaN(code)) handler.byte(code);
    return at + 3;
  }
  if (sign === BACKSLASH || sign === OPEN || sign === CLOSE) handler.byte(sign);
  else if (sign === 0x0d || sign === 0x0a) handler.word("par", null);
  else if (sign !== undefined) handler.word(String.fromCharCode(sign), null);
  return at + 1;
}

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a));
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
