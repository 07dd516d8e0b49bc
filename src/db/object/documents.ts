import { z } from "zod";
import { FileRef } from "../../channels/message.ts";
import { DocumentRow, NextVersion, Version } from "../../knowledge/document-row.ts";
import type { Chunk } from "../../knowledge/parsed.ts";
import type { DocumentQuery } from "../../knowledge/shapes.ts";
import type { RecordRow } from "../../memory/record.ts";
import { collectionSchema } from "./collections.ts";
import type { RecordOps } from "./record-ops.ts";

/**
 * Documents. `live` and `next` are versions as JSON, with what they are looked for by beside them; `indexed_as` is how the live version stands in the index, null: not, or not all of it.
 * `document_file`: every copy of a document's bytes in R2. `document_piece`: where the pieces in the index stand. `document_waste`: what is to be deleted elsewhere.
 * `document_arrival`: files of messages that were not looked at yet.
 */
export const documentSchema: readonly string[] = [
  ...collectionSchema,
  `CREATE TABLE document (
    id TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    collection_id TEXT,
    live TEXT,
    next TEXT,
    content TEXT UNIQUE,
    sha256 TEXT,
    next_sha256 TEXT,
    next_status TEXT,
    indexed_as TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX document_by_age ON document (created_at, id)`,
  `CREATE INDEX document_by_hash ON document (sha256) WHERE sha256 IS NOT NULL`,
  `CREATE INDEX document_by_next_hash ON document (next_sha256) WHERE next_sha256 IS NOT NULL`,
  `CREATE INDEX document_unread ON document (created_at) WHERE next_status IN ('queued', 'reading')`,
  `CREATE TABLE document_file (key TEXT PRIMARY KEY, document_id TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE INDEX document_file_of ON document_file (document_id)`,
  `CREATE TABLE document_piece (
    content TEXT NOT NULL,
    position INTEGER NOT NULL,
    page INTEGER NOT NULL,
    heading_path TEXT NOT NULL,
    PRIMARY KEY (content, position)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE document_waste (kind TEXT NOT NULL CHECK (kind IN ('content', 'file')), ref TEXT NOT NULL, PRIMARY KEY (kind, ref)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE document_arrival (key TEXT PRIMARY KEY, file TEXT NOT NULL, faults INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
];

type Row = Record<string, SqlStorageValue>;
type Waste = { kind: "content" | "file"; ref: string };

/** The record's copy of a row: enough to make the document again. */
const Kept = DocumentRow.extend({ files: z.array(z.object({ key: z.string(), sha256: z.string(), name: z.string() })) });

export interface Piece {
  page: number;
  headingPath: string[];
}

/** The user's documents, in their object's SQLite. What belongs together is in one transaction of the caller's. */
export class DocumentStore {
  constructor(
    private readonly sql: SqlStorage,
    private readonly ops: RecordOps,
  ) {}

  get(id: string): DocumentRow | null {
    return this.#one("id = ?", id);
  }

  /** The document whose searchable version this is. */
  byContent(content: string): DocumentRow | null {
    return this.#one("content = ?", content);
  }

  /** The document of these bytes. */
  byHash(sha256: string): DocumentRow | null {
    return this.#one("sha256 = ?1 OR next_sha256 = ?1 LIMIT 1", sha256);
  }

  /** The newest that was fetched from an address. */
  bySource(url: string): DocumentRow | null {
    return this.#one("json_extract(coalesce(live, next), '$.sourceUrl') = ? ORDER BY created_at DESC LIMIT 1", url);
  }

  /** The newest of that name in a collection (null: in none). */
  inCollection(name: string, collectionId: string | null): DocumentRow | null {
    return this.#one("name = ? AND collection_id IS ? ORDER BY created_at DESC LIMIT 1", name, collectionId);
  }

  /** Ids of documents, newest first, that are or were given under a name, whatever its case. */
  named(name: string): string[] {
    return this.sql
      .exec<{ id: string }>(
        `SELECT id FROM document WHERE lower(name) = lower(?1) OR id IN (SELECT document_id FROM document_file WHERE lower(name) = lower(?1))
         ORDER BY created_at DESC, id DESC`,
        name,
      )
      .toArray()
      .map(({ id }) => id);
  }

  /** Oldest first. */
  all(): DocumentRow[] {
    return this.#many("1 ORDER BY created_at, id");
  }

  count(): number {
    return this.#number("SELECT count(*) AS n FROM document");
  }

  /** Newest first, from a place on. */
  page(query: DocumentQuery, from: { createdAt: number; id: string } | null): { documents: DocumentRow[]; total: number } {
    const where: string[] = [];
    const values: SqlStorageValue[] = [];
    if (query.collection === "none") where.push("collection_id IS NULL");
    else if (query.collection !== undefined) {
      where.push("collection_id = ?");
      values.push(query.collection);
    }
    if (query.search !== undefined) {
      where.push("instr(lower(name), lower(?)) > 0");
      values.push(query.search);
    }
    const filter = where.length > 0 ? where.join(" AND ") : "1";
    const total = this.#number(`SELECT count(*) AS n FROM document WHERE ${filter}`, ...values);
    const after = from === null ? "" : "AND (created_at, id) < (?, ?)";
    const documents = this.#many(
      `${filter} ${after} ORDER BY created_at DESC, id DESC LIMIT ?`,
      ...values,
      ...(from === null ? [] : [from.createdAt, from.id]),
      query.limit,
    );
    return { documents, total };
  }

  /** Writes all of a row; `noted`: the record gets it too. How it stands in the index is kept, unless its content changed. */
  write(row: DocumentRow, noted = true): void {
    this.sql.exec(
      `INSERT INTO document (id, rev, name, collection_id, live, next, content, sha256, next_sha256, next_status, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name, collection_id = excluded.collection_id, live = excluded.live, next = excluded.next,
         content = excluded.content, sha256 = excluded.sha256, next_sha256 = excluded.next_sha256, next_status = excluded.next_status, updated_at = excluded.updated_at,
         indexed_as = CASE WHEN content IS excluded.content THEN indexed_as END`,
      row.id,
      row.rev,
      row.name,
      row.collectionId,
      row.live && JSON.stringify(row.live),
      row.next && JSON.stringify(row.next),
      row.live?.content ?? null,
      row.live?.sha256 ?? null,
      row.next?.sha256 ?? null,
      row.next?.status ?? null,
      row.createdAt,
      row.updatedAt,
    );
    if (noted) this.ops.note("document", row.id);
  }

  /** Takes a document away with all that is kept of it here; what is elsewhere becomes waste. */
  delete({ id, live, next }: DocumentRow): void {
    for (const version of [live, next]) if (version) this.dropContent(version.content);
    for (const key of this.files(id)) this.waste({ kind: "file", ref: key });
    this.sql.exec("DELETE FROM document_file WHERE document_id = ?", id);
    this.sql.exec("DELETE FROM document WHERE id = ?", id);
    this.ops.note("document", id);
  }

  /** Documents that nobody has read yet and that may be now, oldest first; `null`: none. */
  nextUnread(now: number): DocumentRow | null {
    return this.#one(
      "next_status IN ('queued', 'reading') AND json_extract(next, '$.notBefore') <= ? ORDER BY created_at, id LIMIT 1",
      now,
    );
  }

  /** How many are not read to their end yet. */
  unreadCount(): number {
    return this.#number("SELECT count(*) AS n FROM document WHERE content IS NULL AND next_status IN ('queued', 'reading')");
  }

  /** When the earliest of those that wait may be read; null: none waits. */
  nextDue(): number | null {
    const { at } = this.sql
      .exec<{ at: number | null }>(
        "SELECT min(json_extract(next, '$.notBefore')) AS at FROM document WHERE next_status IN ('queued', 'reading')",
      )
      .one();
    return at;
  }

  // The index ------------------------------------------------------------------------------------------------------------------------

  /** The live version is in the index, all of it, in this form. */
  indexed(id: string, as: string): void {
    this.sql.exec("UPDATE document SET indexed_as = ? WHERE id = ?", as, id);
  }

  /** Nothing is in the index any more. */
  indexLost(): void {
    this.sql.exec("UPDATE document SET indexed_as = NULL");
    this.sql.exec("DELETE FROM document_piece");
  }

  /** A live document that is not in the index as it should be; `form` says how it should. */
  nextUnindexed(form: string): DocumentRow | null {
    return this.#one(
      "content IS NOT NULL AND (indexed_as IS NULL OR indexed_as != ? || name) ORDER BY indexed_as IS NOT NULL, created_at LIMIT 1",
      form,
    );
  }

  /** What may be searched: contents that are in the index as a whole; of some collections or documents, where those are given. */
  searchable(only?: { collections: readonly string[]; documents: readonly string[] }): string[] {
    const among = only ? "AND (collection_id IN (SELECT value FROM json_each(?)) OR id IN (SELECT value FROM json_each(?)))" : "";
    return this.sql
      .exec<{ content: string }>(
        `SELECT content FROM document WHERE content IS NOT NULL AND indexed_as IS NOT NULL ${among}`,
        ...(only ? [JSON.stringify(only.collections), JSON.stringify(only.documents)] : []),
      )
      .toArray()
      .map(({ content }) => content);
  }

  isSearchable(content: string): boolean {
    return this.#number("SELECT count(*) AS n FROM document WHERE content = ? AND indexed_as IS NOT NULL", content) > 0;
  }

  putPieces(content: string, chunks: readonly Chunk[]): void {
    for (const { position, page, headingPath } of chunks)
      this.sql.exec(
        "INSERT OR REPLACE INTO document_piece (content, position, page, heading_path) VALUES (?, ?, ?, ?)",
        content,
        position,
        page,
        JSON.stringify(headingPath),
      );
  }

  piece(content: string, position: number): Piece | null {
    const row = this.sql
      .exec<{ page: number; heading_path: string }>(
        "SELECT page, heading_path FROM document_piece WHERE content = ? AND position = ?",
        content,
        position,
      )
      .toArray()[0];
    return row ? { page: row.page, headingPath: z.array(z.string()).parse(JSON.parse(row.heading_path)) } : null;
  }

  /** Whether the index holds, or held a moment ago, pieces that must not be found: of a version that is being read, or of one that is going. */
  hasHidden(): boolean {
    return (
      this.#number("SELECT count(*) AS n FROM document WHERE next_status IS NOT NULL OR (content IS NOT NULL AND indexed_as IS NULL)") >
        0 || this.#number("SELECT count(*) AS n FROM document_waste WHERE kind = 'content'") > 0
    );
  }

  // Files in R2 ----------------------------------------------------------------------------------------------------------------------

  addFile(file: { key: string; name: string }, documentId: string, sha256: string): void {
    this.sql.exec("DELETE FROM document_waste WHERE kind = 'file' AND ref = ?", file.key);
    this.sql.exec(
      "INSERT OR REPLACE INTO document_file (key, document_id, sha256, name) VALUES (?, ?, ?, ?)",
      file.key,
      documentId,
      sha256,
      file.name,
    );
  }

  /** Keys of a document's copies; with `sha256`, only of those bytes. */
  files(documentId: string, sha256?: string): string[] {
    return this.sql
      .exec<{ key: string }>(
        "SELECT key FROM document_file WHERE document_id = ?1 AND (?2 IS NULL OR sha256 = ?2)",
        documentId,
        sha256 ?? null,
      )
      .toArray()
      .map(({ key }) => key);
  }

  documentOfFile(key: string): string | null {
    return this.sql.exec<{ id: string }>("SELECT document_id AS id FROM document_file WHERE key = ?", key).toArray()[0]?.id ?? null;
  }

  /** The bytes of a version go. Gives the keys. */
  dropFiles(documentId: string, sha256: string): string[] {
    const keys = this.files(documentId, sha256);
    for (const key of keys) {
      this.waste({ kind: "file", ref: key });
      this.sql.exec("DELETE FROM document_file WHERE key = ?", key);
    }
    return keys;
  }

  // What is to be deleted ------------------------------------------------------------------------------------------------------------

  waste({ kind, ref }: Waste): void {
    this.sql.exec("INSERT OR IGNORE INTO document_waste (kind, ref) VALUES (?, ?)", kind, ref);
  }

  /** The pieces of a version go. */
  dropContent(content: string): void {
    this.sql.exec("DELETE FROM document_piece WHERE content = ?", content);
    this.waste({ kind: "content", ref: content });
  }

  wasted(): Waste[] {
    return this.sql.exec<Waste>("SELECT kind, ref FROM document_waste ORDER BY kind, ref").toArray();
  }

  isWasted({ kind, ref }: Waste): boolean {
    return this.#number("SELECT count(*) AS n FROM document_waste WHERE kind = ? AND ref = ?", kind, ref) > 0;
  }

  cleared({ kind, ref }: Waste): void {
    this.sql.exec("DELETE FROM document_waste WHERE kind = ? AND ref = ?", kind, ref);
  }

  // Files that came with messages ----------------------------------------------------------------------------------------------------

  arrived(file: FileRef, now: number): void {
    this.sql.exec(
      "INSERT OR IGNORE INTO document_arrival (key, file, faults, at) VALUES (?, ?, 0, ?)",
      file.key,
      JSON.stringify(file),
      now,
    );
  }

  arrivals(): { file: FileRef; faults: number; at: number }[] {
    return this.sql
      .exec<{ file: string; faults: number; at: number }>("SELECT file, faults, at FROM document_arrival ORDER BY at, key")
      .toArray()
      .map(({ file, faults, at }) => ({ file: FileRef.parse(JSON.parse(file)), faults, at }));
  }

  /** Looked at again at an instant. */
  arrivalLater(key: string, at: number): void {
    this.sql.exec("UPDATE document_arrival SET faults = faults + 1, at = ? WHERE key = ?", at, key);
  }

  arrivalDone(key: string): void {
    this.sql.exec("DELETE FROM document_arrival WHERE key = ?", key);
  }

  // The record -----------------------------------------------------------------------------------------------------------------------

  /** As the record keeps it; null: it is not there. */
  record(id: string): RecordRow | null {
    const row = this.get(id);
    if (!row) return null;
    const files = this.sql
      .exec<{ key: string; sha256: string; name: string }>("SELECT key, sha256, name FROM document_file WHERE document_id = ?", id)
      .toArray();
    return { id, row: JSON.stringify({ ...row, files }), rev: row.rev, updatedAt: row.updatedAt };
  }

  /** Puts back what the record had; one that is here already is newer. Its pieces follow. */
  restore({ row: text }: RecordRow): void {
    const kept = Kept.safeParse(JSON.parse(text));
    if (!kept.success || this.get(kept.data.id)) return;
    const { files, ...row } = kept.data;
    this.write(row, false);
    for (const file of files) this.addFile(file, row.id, file.sha256);
  }

  #one(where: string, ...values: SqlStorageValue[]): DocumentRow | null {
    return this.#many(where, ...values)[0] ?? null;
  }

  #many(where: string, ...values: SqlStorageValue[]): DocumentRow[] {
    return this.sql
      .exec<Row>(`SELECT id, rev, name, collection_id, live, next, created_at, updated_at FROM document WHERE ${where}`, ...values)
      .toArray()
      .map(documentOf);
  }

  #number(query: string, ...values: SqlStorageValue[]): number {
    return Number(this.sql.exec(query, ...values).one()["n"]);
  }
}

/** Rows that this file wrote. */
const documentOf = (row: Row): DocumentRow => ({
  id: String(row["id"]),
  rev: Number(row["rev"]),
  name: String(row["name"]),
  collectionId: row["collection_id"] === null ? null : String(row["collection_id"]),
  live: row["live"] === null ? null : Version.parse(JSON.parse(String(row["live"]))),
  next: row["next"] === null ? null : NextVersion.parse(JSON.parse(String(row["next"]))),
  createdAt: Number(row["created_at"]),
  updatedAt: Number(row["updated_at"]),
});
