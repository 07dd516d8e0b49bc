/** Pieces as one, of at most so many bytes: what goes beyond is left out. */
export function joinBytes(parts: readonly Uint8Array[], most: number = Number.POSITIVE_INFINITY): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(
    Math.min(
      most,
      parts.reduce((sum, { byteLength }) => sum + byteLength, 0),
    ),
  );
  let at = 0;
  for (const part of parts) {
    const fitting = part.subarray(0, whole.byteLength - at);
    whole.set(fitting, at);
    at += fitting.byteLength;
  }
  return whole;
}
