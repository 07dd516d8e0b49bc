import { getResolvedPDFJS } from "unpdf";
import { DocumentError } from "../../parsed.ts";
import type { Work } from "../work.ts";
import type { PdfItem } from "./lines.ts";

/** What we need of a PDF; the library behind it is known here only. */
export interface PdfDocument {
  /** As the file says; it need not be true. */
  pages: number;
  title(): Promise<string | null>;
  /** The text of a page, from 1, in pieces in the order in which it is drawn. */
  text(page: number): AsyncGenerator<PdfItem[], void>;
  close(): Promise<void>;
}

/** Opens a PDF and takes its bytes over: they are empty afterwards. */
export async function openPdf(bytes: Uint8Array, work: Work): Promise<PdfDocument> {
  const { getDocument } = await getResolvedPDFJS();
  const task = getDocument({
    // A view of its own: the library refuses a Node Buffer.
    data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    verbosity: 0,
    // Nothing is loaded from anywhere, and nothing is drawn.
    useSystemFonts: false,
    disableFontFace: true,
    useWorkerFetch: false,
    useWasm: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
    stopAtErrors: false,
  });
  const close = async (): Promise<void> => {
    await task.destroy().catch(() => undefined);
  };
  try {
    // The library may wait forever for something that a broken file never gives.
    const document = await work.within(task.promise);
    return {
      pages: document.numPages,
      async title() {
        const info = await work.within(document.getMetadata()).catch(() => null);
        const title: unknown = info === null ? null : Reflect.get(info.info, "Title");
        // Programs that print write the name of the file they printed.
        return typeof title === "string" && !/^(?:untitled|microsoft word - .*|.*\.(?:docx?|pdf|tex|dvi|indd))$/i.test(title.trim())
          ? title.trim() || null
          : null;
      },
      async *text(number) {
        const page = await work.within(document.getPage(number));
        const reader: ReadableStreamDefaultReader<{ items: unknown[] }> = page.streamTextContent().getReader();
        try {
          for (;;) {
            const { done, value } = await work.within(reader.read());
            if (done) break;
            yield value.items.filter(isItem);
          }
        } finally {
          // Ends what is still being read of the page.
          void reader.cancel(new Error("enough")).catch(() => undefined);
          page.cleanup();
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw reason(error);
  }
}

const isItem = (item: unknown): item is PdfItem =>
  typeof item === "object" &&
  item !== null &&
  "str" in item &&
  typeof item.str === "string" &&
  "transform" in item &&
  Array.isArray(item.transform);

function reason(error: unknown): unknown {
  if (error instanceof DocumentError || !(error instanceof Error)) return error;
  if (error.name === "PasswordException")
    return new DocumentError("encrypted", "The PDF is protected with a password. Save it without one first.");
  return new DocumentError("damaged", "The PDF is damaged: it cannot be opened.");
}
