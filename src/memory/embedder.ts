/** Dimensions of every vector, whatever the embedder gives: bge-m3's. Shorter ones are padded, longer ones reduced. */
export const VECTOR_DIMS = 1024;

/** Turns texts into vectors whose angle says how near they are in meaning. */
export interface Embedder {
  /** Names embedder, model and version: vectors of different ids must not be compared. */
  readonly id: string;
  readonly dims: typeof VECTOR_DIMS;
  /** Texts in one call, at most. */
  readonly maxBatch: number;
  /** Unit vectors (or zero vectors for what has no meaning to it), in the order of the texts. Rejects when it cannot be reached. */
  embed(texts: readonly string[], kind: "query" | "document"): Promise<Float32Array[]>;
}

/** Brings a vector to `VECTOR_DIMS` and to length 1: cut after its first dimensions (as Matryoshka models allow) or padded with zeros. A zero vector stays zero. */
export function fitVector(values: ArrayLike<number>): Float32Array {
  const vector = new Float32Array(VECTOR_DIMS);
  const length = Math.min(values.length, VECTOR_DIMS);
  let square = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index] ?? 0;
    vector[index] = Number.isFinite(value) ? value : 0;
    square += (vector[index] ?? 0) ** 2;
  }
  if (square === 0) return vector;
  const scale = 1 / Math.sqrt(square);
  for (let index = 0; index < length; index++) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}
