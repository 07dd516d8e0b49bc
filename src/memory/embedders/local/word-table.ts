/** What common English stems mean. */
export interface WordTable {
  dims: number;
  find(stem: string): { index: number; /** Of all text, 0 to 1. */ share: number } | undefined;
  /** Adds a stem's unit vector, times the weight. */
  add(index: number, weight: number, to: Float32Array): void;
}

let loaded: Promise<WordTable> | null = null;

/** Read at the first use, then kept: 300 KB. */
export function loadWordTable(): Promise<WordTable> {
  loaded ??= read();
  return loaded;
}

async function read(): Promise<WordTable> {
  const { CODES, DIMS, STEMS } = await import("./word-vectors.ts");
  const stems = STEMS.split(" ");
  const places = new Map(stems.map((stem, index) => [stem, index]));
  const text = atob(CODES);
  const codes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) codes[index] = text.charCodeAt(index);
  const bytes = DIMS / 2;
  return {
    dims: DIMS,
    find(stem) {
      const index = places.get(stem);
      // Zipf's law: how common a word is goes with its rank. The stop words before the first stem are the ten.
      return index === undefined ? undefined : { index, share: 1 / ((index + 10) * 11.5) };
    },
    add(index, weight, to) {
      let square = 0;
      for (let byte = index * bytes; byte < (index + 1) * bytes; byte++) {
        const code = codes[byte] ?? 0;
        square += ((code & 15) - 7) ** 2 + ((code >>> 4) - 7) ** 2;
      }
      const factor = square === 0 ? 0 : weight / Math.sqrt(square);
      for (let pair = 0; pair < bytes; pair++) {
        const code = codes[index * bytes + pair] ?? 0;
        to[2 * pair] = (to[2 * pair] ?? 0) + factor * ((code & 15) - 7);
        to[2 * pair + 1] = (to[2 * pair + 1] ?? 0) + factor * ((code >>> 4) - 7);
      }
    },
  };
}
