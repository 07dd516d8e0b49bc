import type { Chunk } from "../knowledge/parsed.ts";

/** What has rows of its own in the record. */
export type RecordTable = "memory" | "document" | "collection";

/** A row as the record keeps it. */
export interface RecordRow {
  id: string;
  /** The row as the object has it, as JSON. */
  row: string;
  /** Grows with every change: an older write that arrives late changes nothing. */
  rev: number;
  /** UTC milliseconds. */
  updatedAt: number;
}

/** The record of one user's memory and knowledge, outside their object. Made for exactly one user: it has no way to name another. Every write may be repeated. */
export interface UserRecord {
  put(table: RecordTable, rows: readonly RecordRow[]): Promise<void>;
  delete(table: RecordTable, ids: readonly string[]): Promise<void>;
  /** Rows after an id, in the order of their ids. */
  page(table: RecordTable, after: string | null, limit: number): Promise<RecordRow[]>;
  putChunks(documentId: string, chunks: readonly Chunk[]): Promise<void>;
  deleteChunks(documentId: string): Promise<void>;
  /** Pieces from a position on. */
  chunks(documentId: string, from: number, limit: number): Promise<Chunk[]>;
  /** Everything of this user. */
  clear(): Promise<void>;
}
