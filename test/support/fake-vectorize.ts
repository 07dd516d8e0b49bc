import type { VectorizeBinding } from "../../src/memory/vectors/vectorize.ts";

/** Cloudflare's limits (developers.cloudflare.com/vectorize/platform/limits). */
const LIMITS = {
  idBytes: 64,
  namespaceBytes: 64,
  metadataBytes: 10 * 1024,
  hits: 100,
  hitsWithMetadata: 50,
  batch: 1_000,
  dimensions: 1_024,
};

/**
 * A Vectorize index in memory, as strict as the real one about sizes, and as late: what is written or deleted is seen by queries only after `settle()`. `hits` are put before every
 * answer as they are, for an index that answers wrongly.
 */
export class FakeVectorize implements VectorizeBinding {
  readonly stored = new Map<string, VectorizeVector>();
  readonly calls: string[] = [];
  hits: VectorizeMatch[] = [];
  #pending: (() => void)[] = [];

  settle(): void {
    for (const write of this.#pending.splice(0)) write();
  }

  upsert(vectors: VectorizeVector[]): Promise<unknown> {
    this.calls.push("upsert");
    if (vectors.length > LIMITS.batch) throw new Error("VECTOR_UPSERT_ERROR (code = 40012): too many vectors");
    for (const vector of vectors) {
      if (bytes(vector.id) > LIMITS.idBytes) throw new Error(`VECTOR_UPSERT_ERROR (code = 40008): id too long: ${vector.id}`);
      if (bytes(vector.namespace ?? "") > LIMITS.namespaceBytes) throw new Error("VECTOR_UPSERT_ERROR: namespace too long");
      if (bytes(JSON.stringify(vector.metadata ?? {})) > LIMITS.metadataBytes) throw new Error("VECTOR_UPSERT_ERROR: metadata too large");
      if (vector.values.length !== LIMITS.dimensions) throw new Error("VECTOR_UPSERT_ERROR (code = 40012): invalid vector dimensions");
      this.#pending.push(() => void this.stored.set(vector.id, vector));
    }
    return Promise.resolve({ mutationId: crypto.randomUUID() });
  }

  query(vector: number[], options: VectorizeQueryOptions): Promise<VectorizeMatches> {
    this.calls.push("query");
    const { topK = 5, namespace, returnMetadata } = options;
    if (topK > (returnMetadata === "all" || returnMetadata === true ? LIMITS.hitsWithMetadata : LIMITS.hits)) {
      throw new Error("VECTOR_QUERY_ERROR (code = 40025): topK is too large");
    }
    if (vector.length !== LIMITS.dimensions) throw new Error("VECTOR_QUERY_ERROR (code = 40006): invalid query vector");
    const matches = [...this.stored.values()]
      .filter((one) => namespace === undefined || one.namespace === namespace)
      .map((one): VectorizeMatch => ({
        id: one.id,
        score: cosine(vector, [...one.values]),
        ...(one.namespace === undefined ? {} : { namespace: one.namespace }),
        ...(returnMetadata === "all" && one.metadata ? { metadata: one.metadata } : {}),
      }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, topK);
    const all = [...this.hits, ...matches];
    return Promise.resolve({ matches: all, count: all.length });
  }

  deleteByIds(ids: string[]): Promise<unknown> {
    this.calls.push("delete");
    this.#pending.push(() => ids.forEach((id) => this.stored.delete(id)));
    return Promise.resolve({ mutationId: crypto.randomUUID() });
  }
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, left, right] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    dot += value * (b[index] ?? 0);
    left += value ** 2;
    right += (b[index] ?? 0) ** 2;
  }
  return dot / (Math.sqrt(left * right) || 1);
}
