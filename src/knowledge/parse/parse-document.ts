import { DocumentError, type DocumentType, PARSE_LIMITS, type ParsedDocument, type ParseLimits, ReaderAway } from "../parsed.ts";
import { detectType } from "./detect-type.ts";
import type { ParseDriver, SourceFile } from "./driver.ts";
import { Work } from "./work.ts";

export interface ParseOptions {
  signal?: AbortSignal;
  /** Now and then, where it is known: pages of a PDF, characters of CSV and JSON. */
  onProgress?(done: number, total: number): void;
  /** Says what a picture shows. What it throws comes out of {@link parseDocument} as it is: a model that is busy now may not be in a minute. */
  describeImage?(bytes: Uint8Array, mime: string): Promise<string>;
  /**
   * Reads PDFs: `parsePdf`, or `pdfInWorker()` where a library of 500 KiB cannot be at hand all the time. Without it they are `unsupported`. What it throws as `ReaderAway` comes out as it is.
   */
  pdf?: ParseDriver;
  /** UTC milliseconds. */
  now?(): number;
}

/** Loaded when a file needs them: most starts of an object read no document. */
const DRIVERS: Record<Exclude<DocumentType, "pdf">, () => Promise<ParseDriver>> = {
  markdown: async () => (await import("./markdown.ts")).parseMarkdown,
  text: async () => (await import("./text.ts")).parseText,
  html: async () => (await import("./html.ts")).parseHtml,
  docx: async () => (await import("./docx.ts")).parseDocx,
  xlsx: async () => (await import("./xlsx.ts")).parseXlsx,
  pptx: async () => (await import("./pptx.ts")).parsePptx,
  odt: async () => (await import("./odt.ts")).parseOdt,
  ods: async () => (await import("./ods.ts")).parseOds,
  odp: async () => (await import("./odp.ts")).parseOdp,
  epub: async () => (await import("./epub.ts")).parseEpub,
  rtf: async () => (await import("./rtf.ts")).parseRtf,
  csv: async () => (await import("./csv.ts")).parseCsv,
  json: async () => (await import("./json.ts")).parseJson,
  eml: async () => (await import("./eml.ts")).parseEml,
  image: async () => (await import("./image.ts")).parseImage,
};

/**
 * What a file says. Its format is told by its content first, then by its name and media type.
 *
 * The bytes belong to the parser from the call on: a PDF's are changed and taken over, since two copies of 50 MB do not fit beside each other in an object. Who needs them
 * later keeps them elsewhere (R2).
 *
 * Throws `DocumentError` for every file that cannot be taken in, the signal's reason when it was called off, what `describeImage` throws, and `ReaderAway`; nothing else.
 */
export async function parseDocument(
  bytes: Uint8Array,
  file: { name: string; mime: string },
  limits: ParseLimits = PARSE_LIMITS,
  options: ParseOptions = {},
): Promise<ParsedDocument> {
  const { signal, onProgress, describeImage, pdf = noPdf, now } = options;
  signal?.throwIfAborted();
  if (bytes.length === 0) throw new DocumentError("empty", "The file is empty.");
  if (bytes.length > limits.bytes) {
    throw new DocumentError("too_large", `The file is larger than can be taken in (${megabytes(limits.bytes)} MB).`);
  }
  let describing: { error: unknown } | null = null;
  const source: SourceFile = {
    bytes,
    name: file.name,
    mime: file.mime.split(";", 1)[0]?.trim().toLowerCase() ?? "",
    progress: (done, total) => onProgress?.(done, total),
    describeImage: describeImage
      ? async (image, mime) => {
          try {
            return await describeImage(image, mime);
          } catch (error) {
            describing = { error };
            throw error;
          }
        }
      : null,
  };
  const work = new Work(limits, { signal, now });
  try {
    const type = detectType(source);
    const driver = type === "pdf" ? pdf : await DRIVERS[type]();
    const { title, pages } = await driver(source, work);
    signal?.throwIfAborted();
    if (work.blocks.length === 0) throw new DocumentError("no_text", "There is no text in it.");
    return { title: title === null ? null : oneLine(title), type, pages, blocks: work.blocks };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof DocumentError || error instanceof ReaderAway || (describing !== null && describing["error"] === error))
      throw error;
    throw new DocumentError("damaged", "The file is damaged: it cannot be read.", { cause: error });
  }
}

const noPdf: ParseDriver = () => {
  throw new DocumentError("unsupported", "PDFs cannot be read here: this Margay runs without its PDF reader.");
};

const megabytes = (bytes: number): string => (bytes / (1024 * 1024)).toFixed(bytes < 1024 * 1024 ? 2 : 0);

/** At most 300 characters; null for nothing. */
function oneLine(text: string): string | null {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 300);
  return line === "" ? null : line;
}
