import { Assignment } from "../../tasks/executor-protocol.ts";

/** An executor's own tables: what it was told to do, and its journal. */
const SCHEMA: readonly string[] = [
  "CREATE TABLE IF NOT EXISTS assignment (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL) STRICT",
  "CREATE TABLE IF NOT EXISTS step (turn_id TEXT NOT NULL, name TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (turn_id, name)) STRICT, WITHOUT ROWID",
];

/** The one task of an executor. Its tables are made with it: an executor that is only told to stop leaves nothing behind. */
export class AssignmentStore {
  constructor(private readonly sql: SqlStorage) {}

  /** null: it has none, or none any more. */
  get(): Assignment | null {
    const [table] = this.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'assignment'").toArray();
    const row = table && this.sql.exec("SELECT value FROM assignment").toArray()[0];
    return row ? Assignment.parse(JSON.parse(String(row["value"]))) : null;
  }

  put(assignment: Assignment): void {
    for (const statement of SCHEMA) this.sql.exec(statement);
    this.sql.exec("INSERT OR REPLACE INTO assignment (id, value) VALUES (1, ?)", JSON.stringify(assignment));
  }
}
