import type { Work } from "./work.ts";
import { readXml, type XmlHandler } from "./xml.ts";
import { zipEntries, type ZipEntry } from "./zip-directory.ts";
import { joinBytes } from "../../join-bytes.ts";

/** The files in a document that is a zip: of Office (ECMA-376), OpenDocument, EPUB. What they unpack to counts together. */
export class OfficeParts {
  #left: number;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #work: Work;

  /** Throws `DocumentError` where the zip is damaged. */
  constructor(bytes: Uint8Array, work: Work) {
    this.#entries = new Map(zipEntries(bytes).map((entry) => [entry.path, entry]));
    this.#work = work;
    this.#left = work.limits.unpackedBytes;
  }

  /** false: there is no such part. */
  async read(path: string, handler: XmlHandler): Promise<boolean> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return false;
    this.#left -= await readXml(entry.read(this.#left), handler, this.#work);
    return true;
  }

  /** A part as a whole, of at most so many bytes; null: there is no such part. */
  async bytes(path: string, most: number): Promise<Uint8Array | null> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return null;
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (const piece of entry.read(Math.min(most, this.#left))) {
      pieces.push(piece);
      length += piece.length;
      const pause = this.#work.spend(piece.length / 8);
      if (pause) await pause;
    }
    this.#left -= length;
    return joinBytes(pieces);
  }

  /** The title that the document says it has, in the part that tells about it; null: none. */
  async title(path = "docProps/core.xml"): Promise<string | null> {
    const title = titleIn();
    await this.read(path, title);
    return title.text.trim() || null;
  }
}

function titleIn(): XmlHandler & { text: string } {
  let inside = false;
  const handler = {
    text: "",
    open(name: string): void {
      inside = name === "dc:title";
    },
    close(): void {
      inside = false;
    },
    characters(text: string): void {
      if (inside && handler.text.length < 1000) handler.text += text;
    },
  };
  return handler;
}
