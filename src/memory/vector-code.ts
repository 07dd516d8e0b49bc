import { VECTOR_DIMS } from "./embedder.ts";

/** 32-bit words of a signature. */
export const SIGNATURE_WORDS = VECTOR_DIMS / 32;

/** A vector in one bit a dimension: its signs. The share of bits in which two differ is their angle as a share of 180 degrees, in expectation. */
export function signatureOf(vector: Float32Array): Int32Array<ArrayBuffer> {
  // Signed words stay small integers for the engine; unsigned ones beyond 31 bits do not.
  const words = new Int32Array(SIGNATURE_WORDS);
  for (let index = 0; index < VECTOR_DIMS; index++) {
    if ((vector[index] ?? 0) > 0) words[index >>> 5] = (words[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  return words;
}

/** A vector in a byte a dimension: its values are `code × step`. */
export interface QuantisedVector {
  code: Int8Array<ArrayBuffer>;
  step: number;
}

export function quantise(vector: Float32Array): QuantisedVector {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const step = largest / 127 || 1;
  const code = new Int8Array(VECTOR_DIMS);
  for (let index = 0; index < VECTOR_DIMS; index++) code[index] = Math.round((vector[index] ?? 0) / step);
  return { code, step };
}

/** The cosine of a unit vector and a quantised one. */
export function cosineOf(vector: Float32Array, { code, step }: QuantisedVector): number {
  let sum = 0;
  for (let index = 0; index < VECTOR_DIMS; index++) sum += (vector[index] ?? 0) * (code[index] ?? 0);
  return sum * step;
}

/** How many bits are set in a 32-bit word. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
