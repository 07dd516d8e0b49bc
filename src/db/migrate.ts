import type { Migration } from "../../migrations/index.ts";

/** The table of `wrangler d1 migrations apply`, word for word, so that it finds nothing left to do. */
const MIGRATIONS_TABLE =
  "CREATE TABLE IF NOT EXISTS d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";
const APPLIED = "SELECT name FROM d1_migrations";

/** drizzle-kit writes this line between statements; D1 takes one statement at a time. */
const BREAKPOINT = "--> statement-breakpoint";

/** The statements of a migration file, in order. */
export function statementsOf(sql: string): string[] {
  return sql
    .split(BREAKPOINT)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/**
 * Brings a D1 database up to date; returns the names applied by this call.
 *
 * Each migration and its row in `d1_migrations` are one batch, which D1 runs as one transaction: a failure in the middle leaves
 * nothing. The row goes in first and its name is unique, so of two isolates that start together one applies the migration and
 * the other's batch fails at its first statement, before it changed anything.
 */
export async function migrate(db: D1Database, migrations: readonly Migration[]): Promise<string[]> {
  const [, recorded] = await db.batch<{ name: string }>([db.prepare(MIGRATIONS_TABLE), db.prepare(APPLIED)]);
  const applied = new Set(recorded?.results.map((row) => row.name));
  const mine: string[] = [];
  for (const { name, sql } of migrations) {
    if (applied.has(name)) continue;
    try {
      await db.batch([
        db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
        ...statementsOf(sql).map((statement) => db.prepare(statement)),
      ]);
      mine.push(name);
    } catch (error) {
      // Another isolate may have been first; if it was not, the failure is real.
      const other = await db.prepare("SELECT 1 FROM d1_migrations WHERE name = ?").bind(name).first();
      if (other === null) throw error;
    }
  }
  return mine;
}
