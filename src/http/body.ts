import { MargayError } from "../errors.ts";
import { readLimited } from "./read-limited.ts";

/** The largest JSON body a route takes unless it says otherwise. */
export const MAX_BODY = 1024 * 1024;
/** Nested deeper than this, JSON is refused: nothing Margay reads needs it, and recursion is how parsers fall over. */
export const MAX_DEPTH = 64;

/** Reads at most `limit` bytes of a body. Throws `payload_too_large` as soon as more arrive, whatever Content-Length said. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? "0");
  if (declared > limit) throw tooLarge(limit);
  if (!request.body) return new Uint8Array(0);
  const bytes = await readLimited(request.body, limit);
  if (bytes === null) throw tooLarge(limit);
  return bytes;
}

/** Parses bytes as UTF-8 JSON (RFC 8259). Broken UTF-8, broken JSON and too deep nesting are `invalid_request`. */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new MargayError("invalid_request", "The body is not valid UTF-8.");
  }
  if (text.trim() === "") throw new MargayError("invalid_request", "The body is empty; send JSON.");
  if (depthOf(text) > MAX_DEPTH) throw new MargayError("invalid_request", `The JSON is nested more than ${MAX_DEPTH} levels deep.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new MargayError("invalid_request", "The body is not valid JSON.");
  }
}

/** The nesting of a JSON text, counted without recursion and without parsing; brackets in strings do not count. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}

function tooLarge(limit: number): MargayError {
  return new MargayError("payload_too_large", `The body is larger than ${limit} bytes.`);
}
