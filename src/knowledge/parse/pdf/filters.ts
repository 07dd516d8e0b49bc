/** The bytes that a text stands for: `ASCIIHexDecode` and `ASCII85Decode`. Other filters leave it as it is. Never larger than the text. */
export function decodeAscii(text: Uint8Array, filter: string): Uint8Array {
  if (filter === "ASCIIHexDecode" || filter === "AHx") return decodeHex(text);
  return filter === "ASCII85Decode" || filter === "A85" ? decode85(text) : text;
}

function decodeHex(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / 2));
  let digits = 0;
  for (const code of text) {
    if (code === 0x3e) break;
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : (code | 32) >= 0x61 && (code | 32) <= 0x66 ? (code | 32) - 0x57 : -1;
    if (digit === -1) continue;
    bytes[digits >> 1] = (bytes[digits >> 1] ?? 0) | (digits % 2 === 0 ? digit << 4 : digit);
    digits++;
  }
  return bytes.subarray(0, Math.ceil(digits / 2));
}

function decode85(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 * text.length);
  let length = 0;
  let group: number[] = [];
  const write = (): void => {
    const kept = group.length - 1;
    while (group.length < 5) group.push(84);
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0);
    for (let index = 0; index < kept; index++) bytes[length++] = Math.floor(value / 256 ** (3 - index)) % 256;
    group = [];
  };
  for (const code of text) {
    if (code === 0x7e) break;
    if (code === 0x7a && group.length === 0) {
      bytes.fill(0, length, length + 4);
      length += 4;
    } else if (code >= 0x21 && code <= 0x75) {
      group.push(code - 0x21);
      if (group.length === 5) write();
    }
  }
  if (group.length > 1) write();
  return bytes.subarray(0, length);
}

/** How large run-length coded data becomes, or more than `most`. */
export function runLengthSize(data: Uint8Array, most: number): number {
  let total = 0;
  for (let at = 0; at < data.length && total <= most;) {
    const length = data[at] ?? 128;
    if (length === 128) break;
    total += length < 128 ? length + 1 : 257 - length;
    at += length < 128 ? length + 2 : 2;
  }
  return total;
}

/** How large LZW coded data becomes, or more than `most`. */
export function lzwSize(data: Uint8Array, most: number): number {
  const CLEAR = 256;
  const END = 257;
  /** How long what a code stands for is. */
  let lengths: number[] = [];
  let previous = 0;
  let [bits, held, width, total] = [0, 0, 9, 0];
  for (let at = 0; at < data.length && total <= most;) {
    while (held < width && at < data.length) {
      bits = ((bits << 8) | (data[at++] ?? 0)) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      lengths = [];
      previous = 0;
      width = 9;
      continue;
    }
    const length = code < 256 ? 1 : (lengths[code - 258] ?? previous + 1);
    total += length;
    if (previous > 0 && lengths.length < 4096 - 258) lengths.push(previous + 1);
    previous = length;
    const next = lengths.length + 258 + 1;
    width = next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12;
  }
  return total;
}
