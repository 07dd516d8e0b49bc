/** The text that bytes are, when they are text: UTF-8 without a NUL; null: they are something else. A mark at the beginning is dropped, unless every byte is to be kept (`mark`). */
export function textOf(bytes: Uint8Array, { mark = false }: { mark?: boolean } = {}): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: mark }).decode(bytes);
  } catch {
    return null;
  }
}
