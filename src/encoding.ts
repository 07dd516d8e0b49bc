import { analyse } from "chardet";

/**
 * What bytes are, as text, for reading: by a byte order mark, else UTF-8, else {@link legacyOf}; null: they are no text. `more`: they are the beginning of it, and may end within a letter.
 */
export function readableText(bytes: Uint8Array, more = false): string | null {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes, { stream: more });
  return bytes.includes(0) || looksBinary(bytes) ? null : decodeUnnamed(bytes, more);
}

/** Text of which nothing says how it is written: UTF-8, else as {@link legacyOf} says. Never throws. */
export function decodeUnnamed(bytes: Uint8Array, more = false): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes, { stream: more });
  } catch {
    return new TextDecoder(legacyOf(bytes)).decode(bytes);
  }
}

/** UTF-16, by its mark or by every other byte being zero, as ASCII letters have it; null: something else. */
export function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const part = bytes.subarray(0, 1024);
  const zeros = [0, 0];
  for (const [index, byte] of part.entries()) if (byte === 0) zeros[index & 1] = (zeros[index & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = part.length / 2;
  if (bytes.length < 4 || bytes.length % 2 === 1) return null;
  if (even === 0 && odd > 0.7 * most) return "utf-16le";
  return odd === 0 && even > 0.7 * most ? "utf-16be" : null;
}

/** Whether bytes of the beginning are such as no text has (in an encoding of single bytes, or UTF-8). */
export function looksBinary(bytes: Uint8Array): boolean {
  const part = bytes.subarray(0, 64 * 1024);
  let controls = 0;
  // One stray byte is no reason to refuse a text; a zero says more than others.
  for (const byte of part) {
    if (byte === 0) controls += 8;
    else if ((byte < 32 && (byte < 8 || byte > 13) && byte !== 27) || byte === 127) controls++;
  }
  return controls > 16 && controls * 50 > part.length;
}

/** How to read what is no clean UTF-8: a file with a few broken bytes is still UTF-8; what old programs write in other scripts is told by its letters; windows-1252 knows every byte. */
export function legacyOf(bytes: Uint8Array): string {
  if (mostlyUtf8(bytes)) return "utf-8";
  const part = bytes.subarray(0, GUESSED_FROM);
  if (part.filter((byte) => byte >= 0x80).length < ENOUGH) return "windows-1252";
  for (const { name, confidence } of analyse(part)) {
    if (confidence < SURE) break;
    if (WESTERN.has(name)) break;
    const label = OTHERS.get(name);
    if (label !== undefined && knows(label, part)) return label;
  }
  return "windows-1252";
}

/** Whether bytes are whole letters in an encoding, but perhaps for the last. */
function knows(label: string, bytes: Uint8Array): boolean {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true }) !== "";
  } catch {
    return false;
  }
}

/** Bytes of the beginning that are looked at: letters are as frequent there as in the rest. */
const GUESSED_FROM = 16 * 1024;
/** Bytes beyond ASCII from which anything can be told. */
const ENOUGH = 6;
/** In per cent. Of 5,000 texts of western Europe, of one sentence and more, two are taken for something else. */
const SURE = 12;
const WESTERN = new Set(["windows-1252", "ISO-8859-1"]);
/** What else than western Europe's is told by its letters. Where an encoding of ISO has one of Windows around it, the latter is what is written. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ["Shift_JIS", "shift_jis"],
  ["EUC-JP", "euc-jp"],
  ["EUC-KR", "euc-kr"],
  ["GB18030", "gb18030"],
  ["Big5", "big5"],
  ["KOI8-R", "koi8-r"],
  ["windows-1250", "windows-1250"],
  ["ISO-8859-2", "iso-8859-2"],
  ["windows-1251", "windows-1251"],
  ["windows-1253", "windows-1253"],
  ["ISO-8859-7", "windows-1253"],
  ["windows-1254", "windows-1254"],
  ["ISO-8859-9", "windows-1254"],
  ["windows-1255", "windows-1255"],
  ["ISO-8859-8", "windows-1255"],
  ["windows-1256", "windows-1256"],
]);

/** Whether letters of several bytes are whole ten times as often as broken, in the first MiB. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  let whole = 0;
  let broken = 0;
  const end = Math.min(bytes.length, 1024 * 1024);
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    const more = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    let have = 0;
    while (have < more && ((bytes[at + have + 1] ?? 0) & 0xc0) === 0x80) have++;
    if (more > 0 && have === more) whole++;
    else broken++;
    at += have;
  }
  return whole > 10 * broken;
}
