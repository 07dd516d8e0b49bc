/** A text in an encoding that can only be read here: every byte and pair of bytes is decoded once, and looked up. */
export function encodeLegacy(text: string, label: string): Uint8Array {
  const bytes = tableOf(label);
  return Uint8Array.from(Array.from(text).flatMap((letter) => bytes.get(letter) ?? missing(letter, label)));
}

const tables = new Map<string, Map<string, number[]>>();

function tableOf(label: string): Map<string, number[]> {
  const known = tables.get(label);
  if (known) return known;
  const decoder = new TextDecoder(label);
  const table = new Map<string, number[]>();
  const add = (...bytes: number[]): void => {
    const letters = Array.from(decoder.decode(Uint8Array.from(bytes)));
    if (letters.length === 1 && letters[0] !== undefined && letters[0] !== "\uFFFD" && !table.has(letters[0])) table.set(letters[0], bytes);
  };
  for (let first = 0; first < 256; first++) add(first);
  if (!/^(?:windows|iso|koi)/u.test(label))
    for (let first = 0x81; first < 255; first++) for (let second = 0x40; second < 255; second++) add(first, second);
  tables.set(label, table);
  return table;
}

function missing(letter: string, label: string): never {
  throw new Error(`${label} has no ${letter}`);
}
