import type { Space } from "../search.ts";
import { bitCount, cosineOf, quantise, type QuantisedVector, SIGNATURE_WORDS, signatureOf } from "../vector-code.ts";
import type { VectorHit, VectorIndex, VectorQuery, VectorRef } from "../vector-index.ts";

/**
 * Vectors in the user's object. `search_signature` has the signs, small enough to be kept in memory whole (50,000 are 6.4 MB); `search_vector` has the values, read for the nearest
 * few. `search_state.version` changes with every write, so that what is in memory is noticed to be stale, also after a transaction that was undone.
 */
export const vectorSchema: readonly string[] = [
  `CREATE TABLE search_vector (row INTEGER PRIMARY KEY, embedder TEXT NOT NULL, step REAL NOT NULL, code BLOB NOT NULL) STRICT`,
  `CREATE TABLE search_signature (row INTEGER PRIMARY KEY, space TEXT NOT NULL, embedder TEXT NOT NULL, bits BLOB NOT NULL) STRICT`,
  `CREATE TABLE search_state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT`,
];

const SPACES = ["memory", "knowledge", "archive"] as const satisfies readonly Space[];

/** How many of the nearest by signs are compared by value: the signs of 1,024 dimensions are off by about 3 degrees. */
const RESCORED = 200;

/** How many vectors that were read are kept, 1 KB each: one question reads many of them twice, and the next one some again. */
const KEPT = 2_000;

/** Signatures of one embedder side by side, in no order. */
class Signatures {
  readonly rows: number[] = [];
  readonly spaces: Space[] = [];
  readonly counts: Record<Space, number> = { memory: 0, knowledge: 0, archive: 0 };
  readonly vectors = new Map<number, QuantisedVector>();
  bits = new Int32Array(SIGNATURE_WORDS * 256);
  readonly #slots = new Map<number, number>();

  set(row: number, space: Space, bits: Int32Array): void {
    const slot = this.#slots.get(row) ?? this.rows.length;
    if (slot === this.rows.length) {
      this.#slots.set(row, slot);
      this.rows.push(row);
      this.spaces.push(space);
      this.counts[space]++;
      if ((slot + 1) * SIGNATURE_WORDS > this.bits.length) {
        const wider = new Int32Array(this.bits.length * 2);
        wider.set(this.bits);
        this.bits = wider;
      }
    }
    this.bits.set(bits, slot * SIGNATURE_WORDS);
    this.vectors.delete(row);
  }

  /** The last one takes the freed place. */
  remove(row: number): void {
    const slot = this.#slots.get(row);
    const [lastRow, lastSpace] = [this.rows.at(-1), this.spaces.at(-1)];
    if (slot === undefined || lastRow === undefined || lastSpace === undefined) return;
    this.counts[this.spaces[slot] ?? lastSpace]--;
    this.vectors.delete(row);
    this.#slots.delete(row);
    this.rows.pop();
    this.spaces.pop();
    if (lastRow === row) return;
    this.rows[slot] = lastRow;
    this.spaces[slot] = lastSpace;
    this.#slots.set(lastRow, slot);
    const last = this.rows.length * SIGNATURE_WORDS;
    this.bits.copyWithin(slot * SIGNATURE_WORDS, last, last + SIGNATURE_WORDS);
  }

  /** The rows with the fewest differing bits, `limit` or a few more where several are equally far. */
  nearest(to: Int32Array, limit: number, wanted: ((space: Space, row: number) => boolean) | null): number[] {
    const { rows, spaces, bits } = this;
    const distances = new Int16Array(rows.length).fill(-1);
    const histogram = new Uint32Array(SIGNATURE_WORDS * 32 + 1);
    for (let slot = 0; slot < rows.length; slot++) {
      if (wanted && !wanted(spaces[slot] ?? "memory", rows[slot] ?? 0)) continue;
      let distance = 0;
      const offset = slot * SIGNATURE_WORDS;
      for (let word = 0; word < SIGNATURE_WORDS; word++) distance += bitCount((bits[offset + word] ?? 0) ^ (to[word] ?? 0));
      distances[slot] = distance;
      histogram[distance] = (histogram[distance] ?? 0) + 1;
    }
    let bound = 0;
    for (let sum = 0; bound < histogram.length; bound++) {
      sum += histogram[bound] ?? 0;
      if (sum >= limit) break;
    }
    const near: number[] = [];
    for (let slot = 0; slot < rows.length; slot++) {
      const distance = distances[slot] ?? -1;
      if (distance >= 0 && distance <= bound) near.push(rows[slot] ?? 0);
    }
    return near;
  }
}

export class ObjectVectors implements VectorIndex {
  readonly name = "object";
  readonly local = true;
  readonly #sql: SqlStorage;
  #cache: { embedder: string; version: number; signatures: Signatures } | null = null;
  /** Never goes back, so that a version of a transaction that was undone does not come again. */
  #lastVersion = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  upsert(embedder: string, vectors: readonly { ref: VectorRef; space: Space; vector: Float32Array }[]): Promise<void> {
    if (vectors.length === 0) return Promise.resolve();
    const known =
      this.#cache && this.#cache.embedder === embedder && this.#cache.version === this.#version() ? this.#cache.signatures : null;
    for (const { ref, space, vector } of vectors) {
      const { code, step } = quantise(vector);
      const bits = signatureOf(vector);
      this.#sql.exec(
        "INSERT OR REPLACE INTO search_vector (row, embedder, step, code) VALUES (?, ?, ?, ?)",
        ref.row,
        embedder,
        step,
        code.buffer,
      );
      this.#sql.exec(
        "INSERT OR REPLACE INTO search_signature (row, space, embedder, bits) VALUES (?, ?, ?, ?)",
        ref.row,
        space,
        embedder,
        bits.buffer,
      );
      known?.set(ref.row, space, bits);
    }
    this.#written(known !== null);
    return Promise.resolve();
  }

  delete(refs: readonly { row: number }[]): Promise<void> {
    if (refs.length === 0) return Promise.resolve();
    const known = this.#cache && this.#cache.version === this.#version() ? this.#cache.signatures : null;
    const rows = JSON.stringify(refs.map(({ row }) => row));
    this.#sql.exec("DELETE FROM search_vector WHERE row IN (SELECT value FROM json_each(?))", rows);
    this.#sql.exec("DELETE FROM search_signature WHERE row IN (SELECT value FROM json_each(?))", rows);
    for (const { row } of refs) known?.remove(row);
    this.#written(known !== null);
    return Promise.resolve();
  }

  query(embedder: string, vector: Float32Array, { spaces, limit, only }: VectorQuery): Promise<VectorHit[]> {
    const signatures = this.#signatures(embedder);
    const every = SPACES.every((space) => spaces.includes(space) || signatures.counts[space] === 0);
    const wanted = only ? (_: Space, row: number) => only.has(row) : every ? null : (space: Space) => spaces.includes(space);
    const near = signatures.nearest(signatureOf(vector), Math.max(limit, RESCORED), wanted);
    const hits = [...this.read(embedder, near)].map(([row, stored]) => ({ ref: { row, key: "" }, score: cosineOf(vector, stored) }));
    return Promise.resolve(hits.toSorted((a, b) => b.score - a.score || a.ref.row - b.ref.row).slice(0, limit));
  }

  read(embedder: string, rows: readonly number[]): Map<number, QuantisedVector> {
    const kept = this.#signatures(embedder).vectors;
    const vectors = new Map<number, QuantisedVector>();
    const missing: number[] = [];
    for (const row of rows) {
      const known = kept.get(row);
      if (known) vectors.set(row, known);
      else missing.push(row);
    }
    if (missing.length === 0) return vectors;
    if (kept.size + missing.length > KEPT) kept.clear();
    const found = this.#sql.exec<{ row: number; step: number; code: ArrayBuffer }>(
      "SELECT row, step, code FROM search_vector WHERE row IN (SELECT value FROM json_each(?)) AND embedder = ?",
      JSON.stringify(missing),
      embedder,
    );
    for (const { row, step, code } of found) {
      const vector = { step, code: new Int8Array(code) };
      vectors.set(row, vector);
      kept.set(row, vector);
    }
    return vectors;
  }

  #version(): number {
    return Number(this.#sql.exec("SELECT value FROM search_state WHERE key = 'vectors'").toArray()[0]?.["value"] ?? 0);
  }

  #written(known: boolean): void {
    const version = Math.max(this.#lastVersion, this.#version()) + 1;
    this.#lastVersion = version;
    this.#sql.exec("INSERT OR REPLACE INTO search_state (key, value) VALUES ('vectors', ?)", version);
    if (known && this.#cache) this.#cache.version = version;
  }

  #signatures(embedder: string): Signatures {
    const version = this.#version();
    if (this.#cache?.embedder === embedder && this.#cache.version === version) return this.#cache.signatures;
    const signatures = new Signatures();
    const rows = this.#sql.exec<{ row: number; space: Space; bits: ArrayBuffer }>(
      "SELECT row, space, bits FROM search_signature WHERE embedder = ?",
      embedder,
    );
    for (const { row, space, bits } of rows) signatures.set(row, space, new Int32Array(bits));
    this.#cache = { embedder, version, signatures };
    return signatures;
  }
}
