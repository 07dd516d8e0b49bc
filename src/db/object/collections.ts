import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { type CollectionView } from "../../knowledge/shapes.ts";
import type { RecordRow } from "../../memory/record.ts";
import type { RecordOps } from "./record-ops.ts";

/** Named sets of documents; a name is there once, whatever its case. */
export const collectionSchema: readonly string[] = [
  `CREATE TABLE collection (
    id TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/** How many collections a user may have. */
export const MAX_COLLECTIONS = 500;

const Row = z.object({ id: z.string(), rev: z.number(), name: z.string(), created_at: z.number(), updated_at: z.number() });
type Row = z.infer<typeof Row>;
const COLUMNS = "id, rev, name, created_at, updated_at";

export interface CollectionDeps {
  sql: SqlStorage;
  ops: RecordOps;
  now(): number;
  newId(): string;
}

/** The user's collections. Every write is in a transaction of its caller, or one statement beside its note for the record. */
export class CollectionStore {
  constructor(private readonly deps: CollectionDeps) {}

  /** By name. */
  list(): CollectionView[] {
    return this.deps.sql
      .exec<Row & { documents: number }>(
        `SELECT ${COLUMNS}, (SELECT count(*) FROM document WHERE collection_id = collection.id) AS documents FROM collection ORDER BY folded`,
      )
      .toArray()
      .map(({ id, name, documents, created_at }) => ({ id, name, documents, created_at }));
  }

  get(id: string): CollectionView | null {
    return this.list().find((collection) => collection.id === id) ?? null;
  }

  /** By id or name. */
  find(reference: string): CollectionView | null {
    const folded = fold(reference);
    return this.list().find(({ id, name }) => id === reference || fold(name) === folded) ?? null;
  }

  /** Throws `conflict` where one of that name is there. */
  add(name: string): CollectionView {
    const clean = cleanName(name);
    if (this.find(clean)) throw taken(clean);
    if (this.list().length >= MAX_COLLECTIONS)
      throw new MargayError("conflict", `There are ${MAX_COLLECTIONS} collections, which is as many as fit.`);
    const id = this.deps.newId();
    const now = this.deps.now();
    this.#write({ id, rev: 1, name: clean, created_at: now, updated_at: now });
    return { id, name: clean, documents: 0, created_at: now };
  }

  /** The one of that name, made where there is none. */
  named(name: string): CollectionView {
    return this.find(cleanName(name)) ?? this.add(name);
  }

  rename(id: string, name: string): CollectionView {
    const row = this.#row(id) ?? missing();
    const clean = cleanName(name);
    const other = this.find(clean);
    if (other && other.id !== id) throw taken(clean);
    this.#write({ ...row, rev: row.rev + 1, name: clean, updated_at: this.deps.now() });
    return this.get(id) ?? missing();
  }

  delete(id: string): void {
    if (!this.#row(id)) missing();
    this.deps.sql.exec("DELETE FROM collection WHERE id = ?", id);
    this.deps.ops.note("collection", id);
  }

  /** As the record keeps it; null: it is not there. */
  record(id: string): RecordRow | null {
    const row = this.#row(id);
    return row && { id, row: JSON.stringify(row), rev: row.rev, updatedAt: row.updated_at };
  }

  /** Puts back what the record had; one that is here already is newer. */
  restore({ id, row }: RecordRow): void {
    const kept = Row.safeParse(JSON.parse(row));
    if (!kept.success || this.#row(id)) return;
    const { name } = kept.data;
    this.#insert({ ...kept.data, name: this.find(name) ? `${name} (${id.slice(0, 4)})` : name });
  }

  #row(id: string): Row | null {
    return this.deps.sql.exec<Row>(`SELECT ${COLUMNS} FROM collection WHERE id = ?`, id).toArray()[0] ?? null;
  }

  #write(row: Row): void {
    this.#insert(row);
    this.deps.ops.note("collection", row.id);
  }

  #insert({ id, rev, name, created_at: createdAt, updated_at: updatedAt }: Row): void {
    this.deps.sql.exec(
      `INSERT INTO collection (id, rev, name, folded, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name, folded = excluded.folded, updated_at = excluded.updated_at`,
      id,
      rev,
      name,
      fold(name),
      createdAt,
      updatedAt,
    );
  }
}

/** As names are compared. */
const fold = (name: string): string => name.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLowerCase();
const cleanName = (name: string): string =>
  name
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 100) || "Documents";

const taken = (name: string): MargayError => new MargayError("conflict", `There is a collection “${name}” already.`);
function missing(): never {
  throw new MargayError("not_found", "There is no such collection.");
}
