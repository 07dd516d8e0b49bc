/** Bytes as text. `damaged`: they are not clean UTF-8, and what could not be read is U+FFFD, or they are in another encoding. null: it is not text. */
export function decodeText(bytes: Uint8Array): { text: string; damaged: boolean } | null {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
  if (utf16 !== null) return { text: new TextDecoder(utf16).decode(bytes), damaged: true };
  if (bytes.subarray(0, 8_000).includes(0)) return null;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes), damaged: false };
  } catch {
    const text = new TextDecoder("utf-8").decode(bytes);
    // A picture or an archive is mostly unreadable; a text in an old encoding has an odd letter here and there.
    const start = text.slice(0, 8_000);
    return unreadable(start) > start.length / 5 ? null : { text, damaged: true };
  }
}

const unreadable = (text: string): number => (text.match(/\uFFFD|(?!\s)\p{Cc}/gu) ?? []).length;
