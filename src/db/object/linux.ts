import type { SessionRow, SessionStore } from "../../sandbox/linux/linux-sessions.ts";
import type { Based } from "../../sandbox/linux/sync-plan.ts";

/** The Linux sessions there are, and what each was given of the user's files: gone with the session, and worth nothing without it. */
export const linuxSchema: readonly string[] = [
  `CREATE TABLE linux_session (
    name TEXT PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    untrusted TEXT,
    settled INTEGER NOT NULL,
    used_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE linux_file (
    session_id TEXT NOT NULL REFERENCES linux_session (session_id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    file_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (session_id, path)
  ) STRICT, WITHOUT ROWID`,
];

const BASE = "file_id, version, sha256";

/** Sessions and what they were given, in the user's object. */
export class LinuxStore implements SessionStore {
  constructor(private readonly sql: SqlStorage) {}

  get(name: string): SessionRow | null {
    const row = this.sql.exec("SELECT * FROM linux_session WHERE name = ?", name).toArray()[0];
    return row ? sessionOf(row) : null;
  }

  all(): SessionRow[] {
    return this.sql.exec("SELECT * FROM linux_session ORDER BY name").toArray().map(sessionOf);
  }

  begin({ name, sessionId, untrusted, settled, usedAt }: SessionRow): void {
    this.end(name);
    this.sql.exec(
      "INSERT INTO linux_session (name, session_id, untrusted, settled, used_at) VALUES (?, ?, ?, ?, ?)",
      name,
      sessionId,
      untrusted,
      settled ? 1 : 0,
      usedAt,
    );
  }

  update({ sessionId, untrusted, settled, usedAt }: SessionRow): void {
    this.sql.exec(
      "UPDATE linux_session SET untrusted = ?, settled = ?, used_at = ? WHERE session_id = ?",
      untrusted,
      settled ? 1 : 0,
      usedAt,
      sessionId,
    );
  }

  end(name: string): void {
    this.sql.exec("DELETE FROM linux_file WHERE session_id IN (SELECT session_id FROM linux_session WHERE name = ?)", name);
    this.sql.exec("DELETE FROM linux_session WHERE name = ?", name);
  }

  of(session: string): Map<string, Based> {
    const rows = this.sql.exec(`SELECT path, ${BASE} FROM linux_file WHERE session_id = ?`, session).toArray();
    return new Map(rows.map((row) => [String(row["path"]), basedOf(row)]));
  }

  at(session: string, path: string): Based | null {
    const row = this.sql.exec(`SELECT ${BASE} FROM linux_file WHERE session_id = ? AND path = ?`, session, path).toArray()[0];
    return row ? basedOf(row) : null;
  }

  set(session: string, path: string, { fileId, version, sha256 }: Based): void {
    // A session that ended meanwhile has nothing any more.
    this.sql.exec(
      `INSERT INTO linux_file (session_id, path, ${BASE}) SELECT session_id, ?, ?, ?, ? FROM linux_session WHERE session_id = ?
       ON CONFLICT (session_id, path) DO UPDATE SET file_id = excluded.file_id, version = excluded.version, sha256 = excluded.sha256`,
      path,
      fileId,
      version,
      sha256,
      session,
    );
  }

  forget(session: string, path: string): void {
    this.sql.exec("DELETE FROM linux_file WHERE session_id = ? AND path = ?", session, path);
  }
}

const sessionOf = (row: Record<string, SqlStorageValue>): SessionRow => ({
  name: String(row["name"]),
  sessionId: String(row["session_id"]),
  untrusted: row["untrusted"] === null ? null : String(row["untrusted"]),
  settled: Number(row["settled"]) === 1,
  usedAt: Number(row["used_at"]),
});

const basedOf = (row: Record<string, SqlStorageValue>): Based => ({
  fileId: String(row["file_id"]),
  version: Number(row["version"]),
  sha256: String(row["sha256"]),
});
