import type { Space } from "./search.ts";
import type { QuantisedVector } from "./vector-code.ts";

/** What a vector stands for. */
export interface VectorRef {
  /** Of the entry in the object's table. Rows are never given twice while the object lives. */
  row: number;
  /** The same thing's name where rows mean nothing; see `vectorKey`. */
  key: string;
}

export interface VectorHit {
  ref: VectorRef;
  /** Cosine, -1 to 1. */
  score: number;
}

export interface VectorQuery {
  spaces: readonly Space[];
  limit: number;
  /** Only these rows; absent: all. */
  only?: ReadonlySet<number>;
}

/** Where one user's vectors are. A driver is made for exactly one user, whose id is the namespace where several share a store. */
export interface VectorIndex {
  /** `object`, `vectorize`. */
  readonly name: string;
  /** Whether it lives in the object itself: then everything happens before the call returns, as part of the caller's transaction, and no hit is stale. */
  readonly local: boolean;
  /** Adds or replaces. */
  upsert(embedder: string, vectors: readonly { ref: VectorRef; space: Space; vector: Float32Array }[]): Promise<void>;
  /** Nearest first. Where the store is elsewhere a hit may be of what is deleted: the caller joins it with a live row by row and key. */
  query(embedder: string, vector: Float32Array, query: VectorQuery): Promise<VectorHit[]>;
  /** The vectors of entries found in other ways. Empty where the store is elsewhere. */
  read(embedder: string, rows: readonly number[]): ReadonlyMap<number, QuantisedVector>;
  delete(refs: readonly VectorRef[]): Promise<void>;
}

/** Names an entry's vector by space, id and content: another text has another key, so that a late answer of a shared store is noticed. At most 200 characters of the id count. */
export function vectorKey(space: Space, id: string, text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
  return `${space}:${id.slice(0, 200)}:${hex(a ^ (b >>> 15))}${hex(b ^ (a >>> 13))}`;
}
