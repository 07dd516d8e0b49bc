const BOMS: readonly [number[], string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xfe, 0xff], "utf-16be"],
  [[0xff, 0xfe], "utf-16le"],
];

/**
 * The text of a body: by its byte order mark, else the charset of its content type, else the one that HTML names in its first 1,024 bytes (where `html`), else UTF-8. Never
 * throws: what cannot be decoded becomes U+FFFD, and an unknown charset UTF-8.
 */
export function decodeBody(bytes: Uint8Array, charset: string | null, html: boolean): string {
  const marked = BOMS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1];
  const label = marked ?? charset ?? (html ? metaCharset(bytes) : null) ?? "utf-8";
  return decoder(label).decode(bytes);
}

/** The charset that HTML names in its first 1,024 bytes; null: none. */
export function metaCharset(bytes: Uint8Array): string | null {
  const start = String.fromCharCode(...bytes.subarray(0, 1024));
  const named = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(start)?.[1]?.toLowerCase() ?? null;
  // A page whose meta element can be read as ASCII is not UTF-16, whatever it says.
  return named?.startsWith("utf-16") ? "utf-8" : named;
}

function decoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
