import { legacyOf, utf16Of } from "../../encoding.ts";
import { DocumentError } from "../parsed.ts";
import { tooLong, type Work } from "./work.ts";

/** Bytes decoded at once. */
const PIECE = 256 * 1024;

/**
 * The text of a file: by its byte order mark, else UTF-8, else as `legacyOf` says. Throws `too_long` as soon as it is, before the rest is decoded, and
 * `unsupported` for what turns out to be no text. `most`: characters; more than the limit of what comes out for formats with much around their text.
 */
export async function decodeText(bytes: Uint8Array, work: Work, most = work.limits.chars, charset: string | null = null): Promise<string> {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return checked(await decode(bytes, new TextDecoder(utf16), work, most));
  const named = charset === null ? null : decoderOf(charset);
  if (named !== null) return checked(await decode(bytes, named, work, most));
  const text = await decode(bytes, new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }), work, most);
  if (text !== null) return checked(text);
  return checked(await decode(bytes, new TextDecoder(legacyOf(bytes)), work, most));
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
