import type { Work } from "./work.ts";
import { readXml, type XmlHandler } from "./xml.ts";
import { zipEntries, type ZipEntry } from "./zip-directory.ts";

/** The files in a document of Office (ECMA-376). What they unpack to counts together. */
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
}

/** The title that the document says it has; null: none. */
export async function readTitle(parts: OfficeParts): Promise<string | null> {
  const title = titleIn();
  await parts.read("docProps/core.xml", title);
  return title.text.trim() || null;
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
