/** What a file says, whatever its format: blocks in reading order. */
export interface ParsedDocument {
  /** From the file itself, else null. */
  title: string | null;
  /** The format that it turned out to be, whatever its name says. */
  type: DocumentType;
  /** Pages where the format has them, else 1. */
  pages: number;
  blocks: Block[];
}

export const DOCUMENT_TYPES = [
  "pdf",
  "markdown",
  "text",
  "html",
  "docx",
  "xlsx",
  "pptx",
  "odt",
  "ods",
  "odp",
  "epub",
  "rtf",
  "csv",
  "json",
  "eml",
  "image",
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** One piece that is not torn apart without need. */
export interface Block {
  kind: "heading" | "paragraph" | "list-item" | "table" | "code";
  /** Plain text or Markdown. A table is a Markdown table, its header first. */
  text: string;
  /** Of a heading, 1 to 6. */
  level?: number;
  /** From 1. */
  page: number;
}

/** A piece of a document as it is found and cited. */
export interface Chunk {
  /** Its place in the document, from 0. */
  position: number;
  /** The headings it stands under, outermost first. */
  headingPath: string[];
  /** Of its first block, from 1. */
  page: number;
  text: string;
}

export const DOCUMENT_ERRORS = [
  "empty",
  "too_large",
  "too_many_pages",
  "too_long",
  "encrypted",
  "damaged",
  "unsupported",
  "too_deep",
  "timed_out",
  "no_text",
] as const;

/** A file that cannot be taken in, and why. `code` is stable, `message` a sentence for a person. */
export class DocumentError extends Error {
  constructor(
    readonly code: (typeof DOCUMENT_ERRORS)[number],
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "DocumentError";
  }
}

/** What reads files of this kind cannot be reached: not the file's doing, and it may be there in a minute. */
export class ReaderAway extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReaderAway";
  }
}

export interface ParseLimits {
  /** Of the file. */
  bytes: number;
  pages: number;
  /** Characters of text that come out. */
  chars: number;
  /** Milliseconds. */
  ms: number;
  /** Bytes that anything packed in it (documents of Office, EPUB, zip) may unpack to. */
  unpackedBytes: number;
}

export const PARSE_LIMITS: ParseLimits = {
  bytes: 50 * 1024 * 1024,
  pages: 2_000,
  chars: 10_000_000,
  ms: 60_000,
  unpackedBytes: 200 * 1024 * 1024,
};
