import { decodeUnnamed } from "../encoding.ts";

const BOMS: readonly [number[], string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xfe, 0xff], "utf-16be"],
  [[0xff, 0xfe], "utf-16le"],
];

/**
 * The text of a body: by its byte order mark, else the charset of its content type, else the one that XML or (where `html`) HTML names at its beginning, else UTF-8, or windows-1252 where it is
 * none, as browsers read it. Never throws: what cannot be decoded becomes U+FFFD, and an unknown charset UTF-8.
 */
export function decodeBody(bytes: Uint8Array, charset: string | null, html: boolean): string {
  const marked = BOMS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1];
  const label = marked ?? charset ?? xmlCharset(bytes) ?? (html ? metaCharset(bytes) : null);
  return label === null ? decodeUnnamed(bytes) : decoder(label).decode(bytes);
}

/** The charset that an XML declaration names; null: there is none. */
const xmlCharset = (bytes: Uint8Array): string | null =>
  readableAsAscii(/^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.:-]{1,40})/i.exec(beginning(bytes, 200))?.[1]);

/** The charset that HTML names in its first 1,024 bytes; null: none. */
export const metaCharset = (bytes: Uint8Array): string | null =>
  readableAsAscii(/<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(beginning(bytes, 1024))?.[1]);

const beginning = (bytes: Uint8Array, length: number): string => String.fromCharCode(...bytes.subarray(0, length));

/** What was named in letters that can be read as ASCII is not UTF-16, whatever it says. */
function readableAsAscii(name: string | undefined): string | null {
  const named = name?.toLowerCase() ?? null;
  return named?.startsWith("utf-16") ? "utf-8" : named;
}

function decoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
