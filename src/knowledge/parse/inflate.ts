import { Inflate } from "fflate";
import { DocumentError } from "../parsed.ts";

/** Bytes of packed data handled at once: they unpack to 16 MiB at most, so a limit is overstepped by no more than that. */
const PIECE = 16 * 1024;
/** Text packs 20 times, generated XML 100 times. More than this, past the first 16 MiB, is made to fill memory. */
const MAX_RATIO = 300;
const RATIO_FROM = 16 * 1024 * 1024;

const tooLarge = (): DocumentError => new DocumentError("too_large", "What is packed in it is larger than can be taken in.");

/**
 * Unpacks a DEFLATE stream part by part. `most`: bytes it may come to; one more ends in `DocumentError("too_large")`, and so does what packs better than anything honest.
 * A stream that is broken or cut off ends in `damaged`. Sizes that the file declares play no part.
 */
export function* inflate(packed: Uint8Array, most: number): Generator<Uint8Array, void> {
  let total = 0;
  let parts: Uint8Array[] = [];
  const stream = new Inflate((part) => void parts.push(part));
  for (let at = 0; at < packed.length || at === 0; at += PIECE) {
    try {
      stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    } catch {
      throw new DocumentError("damaged", "Something packed in it is damaged.");
    }
    const ready = parts;
    parts = [];
    for (const part of ready) {
      total += part.length;
      if (total > most || (total > RATIO_FROM && total > MAX_RATIO * Math.min(packed.length, at + PIECE))) throw tooLarge();
      if (part.length > 0) yield part;
    }
  }
}

/**
 * How large a DEFLATE stream becomes that begins at `from`; where it ends need not be known. Stops above `most`, and counts what came out before an error.
 */
export function inflatedSize(bytes: Uint8Array, from: number, most: number): number {
  let total = 0;
  const stream = new Inflate((part) => void (total += part.length));
  for (let at = from; at < bytes.length && total <= most && !hasEnded(stream); at += PIECE) {
    try {
      stream.push(bytes.subarray(at, at + PIECE));
    } catch {
      break;
    }
  }
  return total;
}

/** fflate does not say when the last block is over; its state does (`f`: this is the last, `l`: codes of a block that is not over). A test notices when that changes. */
function hasEnded(stream: Inflate): boolean {
  const state: unknown = Reflect.get(stream, "s");
  return typeof state === "object" && state !== null && Boolean(Reflect.get(state, "f")) && !Reflect.get(state, "l");
}

/** The same for data that is only stored. */
export function* stored(bytes: Uint8Array, most: number): Generator<Uint8Array, void> {
  if (bytes.length > most) throw tooLarge();
  yield bytes;
}
