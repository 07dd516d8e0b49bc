import { DocumentError } from "../parsed.ts";
import { BodyReader } from "./docx/body.ts";
import { numberingIn } from "./docx/numbering.ts";
import { stylesIn } from "./docx/styles.ts";
import type { ParseDriver } from "./driver.ts";
import { readXml, type XmlHandler } from "./xml.ts";
import type { Work } from "./work.ts";
import { zipEntries, type ZipEntry } from "./zip-directory.ts";

/** Word documents: headings by their styles, lists, tables, footnotes. Text that is hidden or struck from the document (a tracked deletion) is left out. */
export const parseDocx: ParseDriver = async ({ bytes }, work) => {
  const entries = new Map(zipEntries(bytes).map((entry) => [entry.path, entry]));
  const parts = new Parts(entries, work);
  const styles = stylesIn();
  await parts.read("word/styles.xml", styles);
  const numbering = numberingIn();
  await parts.read("word/numbering.xml", numbering);
  const body = new BodyReader(work, styles.styles, numbering.format);
  if (!(await parts.read("word/document.xml", body))) throw new DocumentError("damaged", "The document has no text part.");
  const pages = body.page;
  for (const notes of ["word/footnotes.xml", "word/endnotes.xml"])
    await parts.read(notes, new BodyReader(work, styles.styles, numbering.format, pages));
  const title = titleIn();
  await parts.read("docProps/core.xml", title);
  const heading = work.blocks.find(({ kind, level }) => kind === "heading" && level === 1)?.text ?? null;
  return { title: title.text.trim() || heading, pages };
};

/** The files in the document. What they unpack to counts together. */
class Parts {
  #left: number;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #work: Work;

  constructor(entries: ReadonlyMap<string, ZipEntry>, work: Work) {
    this.#entries = entries;
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
