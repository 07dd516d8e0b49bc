import { z } from "zod";
import { DOCUMENT_TYPES, type DocumentType } from "./parsed.ts";

/** The shapes of knowledge in the API; the page shares them. Instants are UTC milliseconds. */

/** Formats whose words stand as they are, line by line. */
const AS_IT_STANDS: ReadonlySet<DocumentType> = new Set(["pdf", "text", "json", "eml", "image"]);
/** The others, whose text is Markdown. */
export const MARKDOWN_TYPES: ReadonlySet<DocumentType> = new Set(DOCUMENT_TYPES.filter((type) => !AS_IT_STANDS.has(type)));

export const CollectionView = z.object({
  id: z.string(),
  name: z.string(),
  documents: z.number().int(),
  created_at: z.number().int(),
});
export type CollectionView = z.infer<typeof CollectionView>;

export const CollectionInput = z.object({ name: z.string().trim().min(1).max(100) });

export const DocumentStatus = z.enum(["queued", "reading", "ready", "failed"]);

export const DocumentView = z.object({
  id: z.string(),
  name: z.string(),
  /** Null until it was read. */
  type: z.enum(DOCUMENT_TYPES).nullable(),
  mime: z.string(),
  /** Bytes. */
  size: z.number().int(),
  /** Hexadecimal; the same bytes are one document. */
  sha256: z.string(),
  collection_id: z.string().nullable(),
  /** The address that it was fetched from; null: uploaded. */
  source_url: z.string().nullable(),
  status: DocumentStatus,
  /** How far it was read, 0 to 1. */
  progress: z.number().min(0).max(1),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** From 1; a new version takes the place of the old. */
  version: z.number().int(),
  pages: z.number().int().nullable(),
  chars: z.number().int().nullable(),
  chunks: z.number().int().nullable(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
});
export type DocumentView = z.infer<typeof DocumentView>;

export const DocumentQuery = z.object({
  /** `none`: those in no collection. */
  collection: z.string().max(64).optional(),
  /** In the name. */
  search: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type DocumentQuery = z.infer<typeof DocumentQuery>;

export const DocumentPage = z.object({
  documents: z.array(DocumentView),
  next: z.string().nullable(),
  total: z.number().int(),
});
export type DocumentPage = z.infer<typeof DocumentPage>;

/** A document to take in: a file that was uploaded to R2 below the user's own prefix, or an address. */
export const DocumentInput = z.object({
  /** Of `POST /api/v1/files`. */
  key: z.string().min(1).max(512).optional(),
  url: z.url().max(2_000).optional(),
  name: z.string().min(1).max(255).optional(),
  mime: z.string().max(255).optional(),
  collection_id: z.string().max(64).nullable().optional(),
  /** The document whose new version this is. */
  replaces: z.string().max(64).optional(),
});
export type DocumentInput = z.infer<typeof DocumentInput>;

export const DocumentPatch = z.object({
  name: z.string().trim().min(1).max(255).optional(),
  collection_id: z.string().max(64).nullable().optional(),
});
export type DocumentPatch = z.infer<typeof DocumentPatch>;

/** What taking something in came to: several documents for a zip. */
export const DocumentsAdded = z.object({
  documents: z.array(DocumentView),
  /** Those that were there already, byte for byte. */
  known: z.array(DocumentView),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type DocumentsAdded = z.infer<typeof DocumentsAdded>;

export const ChunkView = z.object({
  document_id: z.string(),
  document_name: z.string(),
  /** From 0. */
  position: z.number().int(),
  heading_path: z.array(z.string()),
  page: z.number().int(),
  text: z.string(),
});
export type ChunkView = z.infer<typeof ChunkView>;

/** Pieces of a document in order, around a place: what a citation opens. */
export const ChunkPage = z.object({ document: DocumentView, chunks: z.array(ChunkView), total: z.number().int() });
export type ChunkPage = z.infer<typeof ChunkPage>;
