import { z } from "zod";
import { ImportItemKind, ImportPlan, ImportReport } from "../../import/shapes.ts";

/**
 * Imports, each with its plan and how far it is. `import_item`: memories and personas that were taken over, by a hash of what they say, so that nothing is taken over twice, nor again after it
 * was forgotten. `import_conversation`: what conversations were called where they come from. The index is for the history, which does not show imported messages.
 */
export const importSchema: readonly string[] = [
  `CREATE TABLE import (
    id TEXT PRIMARY KEY,
    file_key TEXT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    status TEXT NOT NULL,
    plan TEXT NOT NULL,
    units INTEGER NOT NULL,
    done INTEGER NOT NULL,
    position INTEGER NOT NULL,
    added TEXT NOT NULL,
    known TEXT NOT NULL,
    skipped TEXT NOT NULL,
    error TEXT,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX import_running ON import (updated_at) WHERE status = 'running'`,
  `CREATE TABLE import_item (id TEXT PRIMARY KEY, import_id TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE import_conversation (id TEXT PRIMARY KEY, title TEXT NOT NULL, import_id TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE INDEX message_own ON message (seq) WHERE substr(conversation_id, 1, 7) <> 'import:'`,
];

const Counts = z.record(ImportItemKind, z.number().int());
export type ImportCounts = z.infer<typeof Counts>;

const Row = z.object({
  id: z.string(),
  fileKey: z.string(),
  name: z.string(),
  status: ImportReport.shape.status,
  plan: ImportPlan,
  /** How much there is to do, and how much of it is done. */
  units: z.number(),
  done: z.number(),
  /** How many items of the archive are dealt with. */
  position: z.number(),
  added: Counts,
  known: Counts,
  skipped: ImportReport.shape.skipped,
  error: ImportReport.shape.error,
  /** Tries since it last got further. */
  attempts: z.number(),
});
export type ImportRow = z.infer<typeof Row>;

export const noCounts = (): ImportCounts => ({ persona: 0, memory: 0, conversation: 0, document: 0, skill: 0 });

const json = (value: SqlStorageValue | undefined): unknown => JSON.parse(String(value));

export class ImportStore {
  constructor(private readonly sql: SqlStorage) {}

  insert(row: ImportRow, now: number): void {
    this.sql.exec(
      `INSERT INTO import (id, file_key, name, format, status, plan, units, done, position, added, known, skipped, error, attempts, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.fileKey,
      row.name,
      row.plan.format,
      row.status,
      JSON.stringify(row.plan),
      row.units,
      row.done,
      row.position,
      JSON.stringify(row.added),
      JSON.stringify(row.known),
      JSON.stringify(row.skipped),
      row.error && JSON.stringify(row.error),
      row.attempts,
      now,
      now,
    );
  }

  /** Writes how it stands; what was planned stays. */
  update(row: ImportRow, now: number): void {
    this.sql.exec(
      "UPDATE import SET status = ?, done = ?, position = ?, added = ?, known = ?, skipped = ?, error = ?, attempts = ?, updated_at = ? WHERE id = ?",
      row.status,
      row.done,
      row.position,
      JSON.stringify(row.added),
      JSON.stringify(row.known),
      JSON.stringify(row.skipped),
      row.error && JSON.stringify(row.error),
      row.attempts,
      now,
      row.id,
    );
  }

  get(id: string): ImportRow | null {
    return this.#rows("WHERE id = ?", id)[0] ?? null;
  }

  /** The one that is to be worked on: begun first. */
  running(): ImportRow | null {
    return this.#rows("WHERE status = 'running' ORDER BY created_at, id LIMIT 1")[0] ?? null;
  }

  /** Plans that nobody ran. */
  /** Keys of archives that are not needed any more: of what is done, and of what nobody went on with since an instant. */
  finishedArchives(before: number): string[] {
    return this.sql
      .exec<{ file_key: string }>(
        "SELECT file_key FROM import WHERE file_key <> '' AND (status = 'done' OR (status IN ('failed', 'planned') AND updated_at < ?))",
        before,
      )
      .toArray()
      .map(({ file_key: key }) => key);
  }

  archivesDropped(keys: readonly string[]): void {
    this.sql.exec(
      "UPDATE import SET file_key = '' WHERE status <> 'running' AND file_key IN (SELECT value FROM json_each(?))",
      JSON.stringify(keys),
    );
  }

  /** Gives the keys of their archives. */
  dropPlansBefore(at: number): string[] {
    return this.sql
      .exec<{ file_key: string }>("DELETE FROM import WHERE status = 'planned' AND updated_at < ? RETURNING file_key", at)
      .toArray()
      .map(({ file_key: key }) => key);
  }

  has(itemId: string): boolean {
    return this.sql.exec("SELECT 1 FROM import_item WHERE id = ?", itemId).toArray().length > 0;
  }

  note(itemId: string, importId: string): void {
    this.sql.exec("INSERT OR IGNORE INTO import_item (id, import_id) VALUES (?, ?)", itemId, importId);
  }

  nameConversation(id: string, title: string, importId: string): void {
    this.sql.exec(
      "INSERT INTO import_conversation (id, title, import_id) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title",
      id,
      title,
      importId,
    );
  }

  #rows(where: string, ...values: SqlStorageValue[]): ImportRow[] {
    return this.sql
      .exec(`SELECT * FROM import ${where}`, ...values)
      .toArray()
      .map((row) =>
        Row.parse({
          id: row["id"],
          fileKey: row["file_key"],
          name: row["name"],
          status: row["status"],
          plan: json(row["plan"]),
          units: row["units"],
          done: row["done"],
          position: row["position"],
          added: json(row["added"]),
          known: json(row["known"]),
          skipped: json(row["skipped"]),
          error: row["error"] === null ? null : json(row["error"]),
          attempts: row["attempts"],
        }),
      );
  }
}
