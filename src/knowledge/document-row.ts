import { z } from "zod";
import { FileRef } from "../channels/message.ts";
import { endingOf, formatOfName } from "./formats.ts";
import { DOCUMENT_TYPES } from "./parsed.ts";
import type { DocumentView } from "./shapes.ts";

/** One state of a document's bytes. Instants are UTC milliseconds. */
export const Version = z.object({
  /** What its pieces are kept under, in the record and as a group of the index: the document's id, for later versions with a number behind it. */
  content: z.string(),
  /** From 1. */
  number: z.number().int(),
  /** The original, in R2. */
  file: FileRef,
  sha256: z.string(),
  sourceUrl: z.string().nullable(),
  /** Null until it was read, as all below. */
  type: z.enum(DOCUMENT_TYPES).nullable(),
  pages: z.number().int().nullable(),
  chars: z.number().int().nullable(),
  chunks: z.number().int().nullable(),
});
export type Version = z.infer<typeof Version>;

/** A version on its way, or one that could not be read. */
export const NextVersion = Version.extend({
  status: z.enum(["queued", "reading", "failed"]),
  /** Starts in a row that neither ended nor got past the parser: each was the end of the object. */
  attempts: z.number().int(),
  /** All starts that did not end. */
  starts: z.number().int(),
  /** Faults of others (a store, a model) in a row. */
  faults: z.number().int(),
  /** Not before. */
  notBefore: z.number().int(),
  progress: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Whether the title that is found in it becomes the document's name. */
  titled: z.boolean(),
});
export type NextVersion = z.infer<typeof NextVersion>;

/** A document as the object has it: the version that is searched, and the one that is to take its place. At least one of them is there. */
export const DocumentRow = z.object({
  id: z.string(),
  rev: z.number().int(),
  name: z.string(),
  collectionId: z.string().nullable(),
  live: Version.nullable(),
  next: NextVersion.nullable(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type DocumentRow = z.infer<typeof DocumentRow>;

/** A version that nobody has begun to read. */
export const queued = (
  version: Pick<Version, "content" | "number" | "file" | "sha256" | "sourceUrl">,
  change: Partial<NextVersion> = {},
): NextVersion => ({
  ...version,
  type: null,
  pages: null,
  chars: null,
  chunks: null,
  status: "queued",
  attempts: 0,
  starts: 0,
  faults: 0,
  notBefore: 0,
  progress: 0,
  error: null,
  titled: false,
  ...change,
});

/** What is searched is what is shown, with how far its successor is. */
export function viewOf({ live, next, ...row }: DocumentRow): DocumentView {
  const shown = live ?? next;
  if (shown === null) throw new Error("a document without a version");
  return {
    id: row.id,
    name: row.name,
    type: shown.type,
    mime: shown.file.mime,
    size: shown.file.size,
    sha256: shown.sha256,
    collection_id: row.collectionId,
    source_url: shown.sourceUrl,
    status: next === null || (next.status === "failed" && live !== null) ? "ready" : next.status,
    progress: next === null || next.status === "failed" ? 1 : next.progress,
    error: next?.error ?? null,
    version: shown.number,
    pages: shown.pages,
    chars: shown.chars,
    chunks: shown.chunks,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/** A document's name as it is said: without the ending of a file. */
export function titleOf(name: string): string {
  const ending = endingOf(name);
  const known = formatOfName(name) !== undefined || /^(?:png|jpe?g|gif|webp)$/.test(ending);
  return (known ? name.slice(0, -ending.length - 1) : name) || name;
}

/** "Handbook › Leave": many documents begin with their own name, which is not said twice. */
export function headingOf(name: string, headingPath: readonly string[]): string {
  const title = titleOf(name);
  const [first, ...rest] = headingPath;
  const path = first?.trim().toLowerCase() === title.toLowerCase() ? rest : headingPath;
  return [title, ...path].join(" › ");
}

/** "Handbook › Leave, page 4". */
export const placeOf = (name: string, headingPath: readonly string[], page: number, pages: number | null): string =>
  `${headingOf(name, headingPath)}${(pages ?? 1) > 1 ? `, page ${page}` : ""}`;
