import { DocumentError } from "../../parsed.ts";
import { inflatedSize } from "../inflate.ts";
import type { Work } from "../work.ts";
import { unclosedObjects } from "./objects.ts";
import { decodeAscii, runLengthSize, lzwSize } from "./filters.ts";

/** Bytes before `stream` that its dictionary is looked for in. */
const MAX_DICTIONARY = 4_096;
/** A page's content or a font is far smaller, unpacked. */
const MAX_STREAM = 32 * 1024 * 1024;

/** Bytes that may be read again and again. */
const MAX_STEPS = 200_000_000;

const knotted = (): DocumentError => new DocumentError("damaged", "The PDF is damaged: too many of its parts have no end.");
const tooLarge = (): DocumentError => new DocumentError("too_large", "What is packed in the PDF is larger than can be taken in.");

/**
 * Looks at every packed stream of a PDF before the library does, which unpacks a stream whole and without limit: 100 KB can become 100 MB. Pictures are emptied, since their
 * text is not read and they may be honestly large. Throws `too_large`.
 *
 * What is left open, an object or a stream, the library reads to the end of the file, again for each, and cannot be stopped: many of them in a large file are refused as
 * `damaged`.
 *
 * Streams of an encrypted PDF cannot be looked at.
 */
export async function guardPdf(bytes: Uint8Array, work: Work): Promise<void> {
  let left = work.limits.unpackedBytes;
  let end = -1;
  let endless = 0;
  if (unclosedObjects(bytes) * bytes.length > MAX_STEPS) throw knotted();
  for (let at = bytes.indexOf(0x73); at !== -1; at = bytes.indexOf(0x73, at + 1)) {
    const from = streamAt(bytes, at);
    if (from === -1) continue;
    const dictionary = dictionaryBefore(bytes, at);
    if (end >= from) endless++;
    else end = endOf(bytes, from);
    if (endless * bytes.length > MAX_STEPS) throw knotted();
    if (/\/Subtype\s*\/Image\b/.test(dictionary)) {
      bytes.fill(0, from, end);
      at = end;
      continue;
    }
    const most = Math.min(left, MAX_STREAM);
    const size = sizeOf(bytes, from, dictionary, most);
    if (size > most) throw tooLarge();
    left -= size;
    const pause = work.spend(size / 20 + 100);
    if (pause) await pause;
  }
}

const STREAM = [...new TextEncoder().encode("stream")];
const END = [...new TextEncoder().encode("endstream")];

const isAt = (bytes: Uint8Array, at: number, word: readonly number[]): boolean => word.every((byte, index) => bytes[at + index] === byte);

/** Where the data begins of the stream whose keyword stands at `at`; -1: none does. */
function streamAt(bytes: Uint8Array, at: number): number {
  if (!isAt(bytes, at, STREAM) || bytes[at - 1] === 0x64) return -1;
  const after = at + STREAM.length;
  if (bytes[after] === 0x0d) return after + (bytes[after + 1] === 0x0a ? 2 : 1);
  return bytes[after] === 0x0a ? after + 1 : -1;
}

function endOf(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x65, from); at !== -1; at = bytes.indexOf(0x65, at + 1)) if (isAt(bytes, at, END)) return at;
  return bytes.length;
}

/** What stands between the last `obj` and the stream. */
function dictionaryBefore(bytes: Uint8Array, at: number): string {
  const text = latin1.decode(bytes.subarray(Math.max(0, at - MAX_DICTIONARY), at));
  return text.slice(text.lastIndexOf(" obj") + 1);
}

const latin1 = new TextDecoder("latin1");

const PACKING = new Set(["FlateDecode", "Fl", "LZWDecode", "LZW", "RunLengthDecode", "RL"]);

/** Bytes that the stream unpacks to, or more than `most`. */
function sizeOf(bytes: Uint8Array, from: number, dictionary: string, most: number): number {
  const written = /\/(?:Filter|F)\s*(\[[^\]]{0,300}\]|\/[A-Za-z0-9]+|\d+\s+\d+\s+R)/.exec(dictionary)?.[1] ?? "";
  const filters = [...written.matchAll(/\/([A-Za-z0-9]+)/g)].map(([, name = ""]) => name);
  const packing = filters.filter((name) => PACKING.has(name));
  // Nobody packs twice what is meant to be read.
  if (packing.length > 1) throw tooLarge();
  // What the dictionary does not say openly shows in the data.
  const [name = isZlib(bytes, from) ? "Fl" : ""] = packing;
  if (name === "") return 0;
  const first = filters.indexOf(name);
  const data = filters
    .slice(0, Math.max(0, first))
    .reduce((packed, filter) => decodeAscii(packed, filter), bytes.subarray(from, first > 0 ? endOf(bytes, from) : bytes.length));
  if (name.startsWith("F")) return inflatedSize(data, 2, most);
  return name.startsWith("L") ? lzwSize(data, most) : runLengthSize(data, most);
}

/** The two bytes a zlib stream begins with. */
function isZlib(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  return (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0;
}
