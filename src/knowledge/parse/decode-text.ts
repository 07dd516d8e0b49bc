import { DocumentError } from "../parsed.ts";
import { tooLong, type Work } from "./work.ts";

/** Bytes decoded at once. */
const PIECE = 256 * 1024;

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

/**
 * The text of a file: by its byte order mark, else UTF-8, else windows-1252, which knows every byte. Throws `too_long` as soon as it is, before the rest is decoded, and
 * `unsupported` for what turns out to be no text. `most`: characters; more than the limit of what comes out for formats with much around their text.
 */
export async function decodeText(bytes: Uint8Array, work: Work, most = work.limits.chars, charset: string | null = null): Promise<string> {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return checked(await decode(bytes, new TextDecoder(utf16), work, most));
  const named = charset === null ? null : decoderOf(charset);
  if (named !== null) return checked(await decode(bytes, named, work, most));
  const text = await decode(bytes, new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }), work, most);
  if (text !== null) return checked(text);
  // A UTF-8 file with a few broken bytes is still one.
  const label = mostlyUtf8(bytes) ? "utf-8" : "windows-1252";
  return checked(await decode(bytes, new TextDecoder(label), work, most));
}

function decoderOf(charset: string): TextDecoder | null {
  try {
    return new TextDecoder(charset);
  } catch {
    return null;
  }
}

/** null: not in this encoding (of a decoder that is strict). */
async function decode(bytes: Uint8Array, decoder: TextDecoder, work: Work, most: number): Promise<string | null> {
  const parts: string[] = [];
  let length = 0;
  for (let at = 0; at < bytes.length; at += PIECE) {
    let part: string;
    try {
      part = decoder.decode(bytes.subarray(at, at + PIECE), { stream: at + PIECE < bytes.length });
    } catch {
      return null;
    }
    length += part.length;
    if (length > most) throw tooLong(work.limits);
    parts.push(part);
    const pause = work.spend(part.length / 8);
    if (pause) await pause;
  }
  return parts.join("");
}

function checked(text: string | null): string {
  const start = text?.slice(0, 64 * 1024) ?? "";
  const odd = start.match(/[^\P{Cc}\s]|\uFFFD/gu)?.length ?? 0;
  if (odd > 8 && odd * 20 > start.length) throw new DocumentError("unsupported", "It is not a text and of no format that can be read.");
  return text ?? "";
}

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
