import { Parser } from "htmlparser2";
import { DocumentError } from "../parsed.ts";
import type { Work } from "./work.ts";

export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  characters?(text: string): void;
}

/** Without the prefix that stands for where the name comes from. */
export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** Elements inside each other. */
const MAX_DEPTH = 256;
/** Elements of one part. Each costs time, and a megabyte of zip can hold a hundred million. */
const MAX_ELEMENTS = 20_000_000;
/** Characters of one tag, comment or piece of text, which is held until it ends. */
const MAX_PIECE = 4_000_000;
/** Bytes read before others have their turn. */
const PIECE = 64 * 1024;

/**
 * Reads XML as it is unpacked, and gives back its number of bytes. Entities that a document declares for itself are not known, so none can grow. Throws `DocumentError`:
 * `too_deep`, `too_long`, `damaged` when it is not closed at its end.
 */
export async function readXml(parts: Iterable<Uint8Array>, handler: XmlHandler, work: Work): Promise<number> {
  let depth = 0;
  let elements = 0;
  let held = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        held = 0;
        if (++depth > MAX_DEPTH) throw new DocumentError("too_deep", `The document has elements nested more than ${MAX_DEPTH} times.`);
        if (++elements > MAX_ELEMENTS) throw new DocumentError("too_long", "The document has more elements than can be taken in.");
        handler.open(name, attributes);
      },
      onclosetag(name) {
        held = 0;
        depth--;
        handler.close(name);
      },
      ontext(text) {
        held = 0;
        handler.characters?.(text);
      },
      oncomment: () => void (held = 0),
    },
    { xmlMode: true, decodeEntities: true },
  );
  let decoder: TextDecoder | null = null;
  let bytes = 0;
  for (const part of parts) {
    decoder ??= new TextDecoder(
      part[0] === 0xff && part[1] === 0xfe ? "utf-16le" : part[0] === 0xfe && part[1] === 0xff ? "utf-16be" : "utf-8",
    );
    bytes += part.length;
    for (let at = 0; at < part.length; at += PIECE) {
      const piece = decoder.decode(part.subarray(at, at + PIECE), { stream: true });
      held += piece.length;
      if (held > MAX_PIECE) throw new DocumentError("too_long", "The document has a tag or a comment that is longer than can be taken in.");
      parser.write(piece);
      const pause = work.spend(piece.length);
      if (pause) await pause;
    }
  }
  if (depth > 0) throw new DocumentError("damaged", "The document is damaged: its text is cut off.");
  parser.end(decoder?.decode());
  return bytes;
}
