import { analyze } from "../analyze.ts";
import { type Embedder, fitVector, VECTOR_DIMS } from "../embedder.ts";
import { loadWordTable, type WordTable } from "./local/word-table.ts";

/** How many places each word has among the hashed features. */
const PLACES = 2;
/** What the meaning of a text counts beside its very words. */
const MEANING = 1;
/** Common words say little: a word with this share of all text counts half (Arora, Liang and Ma 2017). */
const COMMON = 1e-3;
/** The share of all text that a word has which is not in the table. */
const UNKNOWN = 3e-6;

/** 32-bit FNV-1a with a finish that mixes the upper bits in. */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  value ^= value >>> 16;
  value = Math.imul(value, 0x45d9f3b) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
}

/**
 * The words of a text, the rarer the heavier, at places given by a hash with a sign given by it too; and, beside them in the first dimensions, the mean of what its words mean.
 * Then everything is spread over all dimensions, so that the signs of a vector say as much as its values.
 */
function embedOne(text: string, table: WordTable): Float32Array {
  const counts = new Map<string, number>();
  for (const term of analyze(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const vector = new Float32Array(VECTOR_DIMS);
  const meaning = new Float32Array(table.dims);
  const places = VECTOR_DIMS - table.dims;
  for (const [term, count] of counts) {
    const often = 1 + Math.log(count);
    const known = table.find(term);
    const weight = often * Math.log(1 + 0.3 / (known?.share ?? UNKNOWN));
    for (let seed = 1; seed <= PLACES; seed++) {
      const code = hash(term, seed);
      const place = table.dims + (code % places);
      vector[place] = (vector[place] ?? 0) + (code & 0x8000_0000 ? -weight : weight);
    }
    if (known) table.add(known.index, (often * COMMON) / (COMMON + known.share), meaning);
  }
  const [words, sense] = [lengthOf(vector), lengthOf(meaning)];
  if (words > 0) for (let index = table.dims; index < VECTOR_DIMS; index++) vector[index] = (vector[index] ?? 0) / words;
  if (sense > 0) for (let index = 0; index < table.dims; index++) vector[index] = (Math.sqrt(MEANING) * (meaning[index] ?? 0)) / sense;
  return spread(fitVector(vector));
}

function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

const FLIPPED = Uint8Array.from({ length: VECTOR_DIMS }, (_, index) => hash(String(index), 7) & 1);

/** A Walsh–Hadamard transform after random signs: every feature reaches every dimension, angles stay. */
function spread(vector: Float32Array): Float32Array {
  for (let index = 0; index < VECTOR_DIMS; index++) if (FLIPPED[index] === 1) vector[index] = -(vector[index] ?? 0);
  for (let half = 1; half < VECTOR_DIMS; half *= 2) {
    for (let start = 0; start < VECTOR_DIMS; start += half * 2) {
      for (let index = start; index < start + half; index++) {
        const a = vector[index] ?? 0;
        const b = vector[index + half] ?? 0;
        vector[index] = a + b;
        vector[index + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(VECTOR_DIMS);
  for (let index = 0; index < VECTOR_DIMS; index++) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}

/** Vectors with no network and no model: deterministic, well under a millisecond a text. English words near in meaning are near; of other languages it knows the words only. */
export const localEmbedder: Embedder = {
  id: "local-1",
  dims: VECTOR_DIMS,
  maxBatch: 64,
  async embed(texts) {
    const table = await loadWordTable();
    return texts.map((text) => embedOne(text, table));
  },
};
