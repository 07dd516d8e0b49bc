/** The text that bytes are, when they are text: UTF-8 without a NUL; null: they are something else. A mark at the beginning is dropped. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}
