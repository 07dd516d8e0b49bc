import type { Space } from "../search.ts";
import type { VectorHit, VectorIndex, VectorQuery, VectorRef } from "../vector-index.ts";
import type { QuantisedVector } from "../vector-code.ts";

/** What is used of a Vectorize binding (made with `cosine`). Narrow, so that tests can bring their own. */
export interface VectorizeBinding {
  query(vector: number[], options: VectorizeQueryOptions): Promise<VectorizeMatches>;
  upsert(vectors: VectorizeVector[]): Promise<unknown>;
  deleteByIds(ids: string[]): Promise<unknown>;
}

/** Hits in one answer, at most, when they come with their metadata (Cloudflare's limit). */
const MAX_HITS = 50;
/** Vectors in one write. */
const BATCH = 100;

/**
 * One user's vectors in an index that all users share. The namespace is the user's id, and an id is a hash of namespace and key (64 bytes, Vectorize's limit), so no two users' vectors
 * can meet. Vectorize writes later than it answers and may be wrong: a hit of another namespace or embedder is dropped here, one whose entry is gone or changed by the caller.
 */
export class VectorizeVectors implements VectorIndex {
  readonly name = "vectorize";
  readonly local = false;
  readonly #binding: VectorizeBinding;
  readonly #namespace: string;

  constructor(binding: VectorizeBinding, userId: string) {
    this.#binding = binding;
    this.#namespace = userId;
  }

  async upsert(embedder: string, vectors: readonly { ref: VectorRef; space: Space; vector: Float32Array }[]): Promise<void> {
    for (let from = 0; from < vectors.length; from += BATCH) {
      const batch = vectors.slice(from, from + BATCH).map(async ({ ref, vector }) => ({
        id: await this.#id(ref.key),
        namespace: this.#namespace,
        values: [...vector],
        metadata: { row: ref.row, key: ref.key, embedder },
      }));
      await this.#binding.upsert(await Promise.all(batch));
    }
  }

  async query(embedder: string, vector: Float32Array, { spaces, limit, only }: VectorQuery): Promise<VectorHit[]> {
    if (vector.every((value) => value === 0)) return [];
    const { matches } = await this.#binding.query([...vector], {
      topK: Math.min(limit, MAX_HITS),
      namespace: this.#namespace,
      returnMetadata: "all",
    });
    return matches.flatMap(({ namespace, metadata, score }) => {
      const [row, key] = [metadata?.["row"], metadata?.["key"]];
      if (namespace !== this.#namespace || metadata?.["embedder"] !== embedder || typeof row !== "number" || typeof key !== "string")
        return [];
      if (!spaces.some((space) => key.startsWith(`${space}:`)) || (only && !only.has(row))) return [];
      return [{ ref: { row, key }, score }];
    });
  }

  read(): ReadonlyMap<number, QuantisedVector> {
    return new Map();
  }

  async delete(refs: readonly VectorRef[]): Promise<void> {
    for (let from = 0; from < refs.length; from += BATCH) {
      await this.#binding.deleteByIds(await Promise.all(refs.slice(from, from + BATCH).map(({ key }) => this.#id(key))));
    }
  }

  async #id(key: string): Promise<string> {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${this.#namespace}\n${key}`));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
