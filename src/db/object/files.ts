import type { FileVersion, StoredFile, VersionAbout } from "../../workspace/stored-file.ts";

type Row = Record<string, SqlStorageValue>;

/**
 * The user's files. `file` is what is there and, for 30 days, what was deleted; a path is unique among what is there. `file_version` holds contents: short text itself, else the key of an object in R2.
 * `file_waste` names objects in R2 that no version uses: written down before an object is put, so that a crash leaves none behind unknown. `file_share` are links that let anybody read a file.
 */
export const fileSchema: readonly string[] = [
  `CREATE TABLE file (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    version INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('user', 'agent')),
    untrusted TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    call_key TEXT
  ) STRICT, WITHOUT ROWID`,
  `CREATE UNIQUE INDEX file_path ON file (path) WHERE deleted_at IS NULL`,
  `CREATE INDEX file_deleted ON file (deleted_at) WHERE deleted_at IS NOT NULL`,
  `CREATE INDEX file_call ON file (call_key) WHERE call_key IS NOT NULL`,
  `CREATE TABLE file_version (
    file_id TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    text TEXT,
    r2_key TEXT,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    hash TEXT NOT NULL,
    author TEXT NOT NULL,
    untrusted TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (file_id, version),
    CHECK ((text IS NULL) <> (r2_key IS NULL))
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX file_version_key ON file_version (r2_key) WHERE r2_key IS NOT NULL`,
  `CREATE INDEX file_version_at ON file_version (at)`,
  `CREATE TABLE file_waste (r2_key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE file_share (
    id TEXT PRIMARY KEY,
    file_id TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  // What is used, kept by triggers, so that a quota costs no scan.
  `CREATE TABLE file_usage (one INTEGER PRIMARY KEY CHECK (one = 1), bytes INTEGER NOT NULL, files INTEGER NOT NULL) STRICT`,
  `INSERT INTO file_usage (one, bytes, files) VALUES (1, 0, 0)`,
  `CREATE TRIGGER file_version_added AFTER INSERT ON file_version BEGIN UPDATE file_usage SET bytes = bytes + new.size; END`,
  `CREATE TRIGGER file_version_gone AFTER DELETE ON file_version BEGIN UPDATE file_usage SET bytes = bytes - old.size; END`,
  `CREATE TRIGGER file_added AFTER INSERT ON file WHEN new.deleted_at IS NULL BEGIN UPDATE file_usage SET files = files + 1; END`,
  `CREATE TRIGGER file_gone AFTER DELETE ON file WHEN old.deleted_at IS NULL BEGIN UPDATE file_usage SET files = files - 1; END`,
  `CREATE TRIGGER file_changed AFTER UPDATE OF deleted_at ON file WHEN (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
   BEGIN UPDATE file_usage SET files = files + (new.deleted_at IS NULL) - (old.deleted_at IS NULL); END`,
  // Forgetting takes sentences out of texts: what is known of them follows.
  `CREATE TRIGGER file_version_rewritten AFTER UPDATE OF text ON file_version WHEN new.text IS NOT old.text BEGIN
     UPDATE file_version SET size = length(CAST(new.text AS BLOB)), hash = 'rewritten ' || hex(randomblob(16)) WHERE file_id = new.file_id AND version = new.version;
     UPDATE file SET size = length(CAST(new.text AS BLOB)) WHERE id = new.file_id AND version = new.version;
     UPDATE file_usage SET bytes = bytes + length(CAST(new.text AS BLOB)) - old.size;
   END`,
];

const FILE = "id, path, version, size, mime, author, untrusted, created_at, updated_at, deleted_at, call_key";
const VERSION = "file_id, version, text, r2_key, size, mime, hash, author, untrusted, at";
const ABOUT = "v.file_id, v.version, v.r2_key, v.size, v.mime, v.hash, v.author, v.untrusted, v.at";

/** The user's files, in their object's SQLite. */
export class FileStore {
  constructor(private readonly sql: SqlStorage) {}

  /** The file at a path; null: there is none. */
  at(path: string): StoredFile | null {
    return first(this.sql.exec(`SELECT ${FILE} FROM file WHERE path = ? AND deleted_at IS NULL`, path), fileOf);
  }

  get(id: string): StoredFile | null {
    return first(this.sql.exec(`SELECT ${FILE} FROM file WHERE id = ?`, id), fileOf);
  }

  /** What a call changed, should it be repeated; null: nothing that is still as it left it. */
  byCall(key: string): StoredFile | null {
    return this.allByCall(key)[0] ?? null;
  }

  /** By path. */
  allByCall(key: string): StoredFile[] {
    return this.sql.exec(`SELECT ${FILE} FROM file WHERE call_key = ? ORDER BY path, id`, key).toArray().map(fileOf);
  }

  /** Everything below a folder, at any depth, by path. */
  below(folder: string, limit: number): StoredFile[] {
    const [from, to] = bounds(folder);
    return this.sql
      .exec(`SELECT ${FILE} FROM file WHERE deleted_at IS NULL AND path >= ? AND path < ? ORDER BY path LIMIT ?`, from, to, limit)
      .toArray()
      .map(fileOf);
  }

  /** Whether a path is a folder, so that no file may take its place. */
  isFolder(path: string): boolean {
    return this.below(path, 1).length > 0;
  }

  deleted(limit: number): StoredFile[] {
    return this.sql
      .exec(`SELECT ${FILE} FROM file WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, path LIMIT ?`, limit)
      .toArray()
      .map(fileOf);
  }

  usage(): { bytes: number; files: number } {
    const row = this.sql.exec("SELECT bytes, files FROM file_usage").one();
    return { bytes: Number(row["bytes"]), files: Number(row["files"]) };
  }

  insert(file: StoredFile): void {
    this.sql.exec(
      `INSERT INTO file (${FILE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      file.id,
      file.path,
      file.version,
      file.size,
      file.mime,
      file.author,
      file.untrusted,
      file.createdAt,
      file.updatedAt,
      file.deletedAt,
      file.callKey,
    );
  }

  update(file: StoredFile): void {
    this.sql.exec(
      `UPDATE file SET path = ?, version = ?, size = ?, mime = ?, author = ?, untrusted = ?, updated_at = ?, deleted_at = ?, call_key = ? WHERE id = ?`,
      file.path,
      file.version,
      file.size,
      file.mime,
      file.author,
      file.untrusted,
      file.updatedAt,
      file.deletedAt,
      file.callKey,
      file.id,
    );
  }

  addVersion(version: FileVersion): void {
    const { fileId, content, size, mime, hash, author, untrusted, at } = version;
    this.sql.exec(
      `INSERT INTO file_version (${VERSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      fileId,
      version.version,
      content.text,
      content.key,
      size,
      mime,
      hash,
      author,
      untrusted,
      at,
    );
    if (content.key !== null) this.sql.exec("DELETE FROM file_waste WHERE r2_key = ?", content.key);
  }

  version(fileId: string, version: number): FileVersion | null {
    return first(this.sql.exec(`SELECT ${VERSION} FROM file_version WHERE file_id = ? AND version = ?`, fileId, version), versionOf);
  }

  /** The newest first. */
  versions(fileId: string): VersionAbout[] {
    return this.sql.exec(`SELECT ${ABOUT} FROM file_version v WHERE file_id = ? ORDER BY version DESC`, fileId).toArray().map(aboutOf);
  }

  /** What was deleted before an instant, the first of it first. */
  deletedBefore(before: number, limit: number): StoredFile[] {
    return this.sql
      .exec(`SELECT ${FILE} FROM file WHERE deleted_at < ? ORDER BY deleted_at, id LIMIT ?`, before, limit)
      .toArray()
      .map(fileOf);
  }

  /** Versions from before an instant that are not the newest of their file. */
  outdated(before: number, limit: number): VersionAbout[] {
    return this.sql
      .exec(
        `SELECT ${ABOUT} FROM file_version v WHERE at < ? AND version < (SELECT f.version FROM file f WHERE f.id = v.file_id) ORDER BY at LIMIT ?`,
        before,
        limit,
      )
      .toArray()
      .map(aboutOf);
  }

  /** Earlier versions of all files, the oldest first; the newest of a deleted file counts as one. */
  oldVersions(limit: number): VersionAbout[] {
    return this.sql
      .exec(
        `SELECT ${ABOUT} FROM file_version v JOIN file f ON f.id = v.file_id
         WHERE v.version < f.version OR f.deleted_at IS NOT NULL ORDER BY v.at, v.file_id, v.version LIMIT ?`,
        limit,
      )
      .toArray()
      .map(aboutOf);
  }

  /** What of it lies in R2 is waste from now on, if no other version uses it. */
  deleteVersion({ fileId, version, key }: Pick<VersionAbout, "fileId" | "version" | "key">, now: number): void {
    this.sql.exec("DELETE FROM file_version WHERE file_id = ? AND version = ?", fileId, version);
    if (key !== null && !this.usesKey(key)) this.waste(key, now);
  }

  /** Ends the versions of a file beyond the newest so many. */
  trim(fileId: string, kept: number, now: number): void {
    const beyond = this.sql
      .exec("SELECT version, r2_key FROM file_version WHERE file_id = ? ORDER BY version DESC LIMIT -1 OFFSET ?", fileId, kept)
      .toArray();
    for (const { version, r2_key: key } of beyond) this.deleteVersion({ fileId, version: Number(version), key: text(key) }, now);
  }

  /** Ends a file with all its versions for good. */
  purge(id: string, now: number): void {
    for (const version of this.versions(id)) this.deleteVersion(version, now);
    this.sql.exec("DELETE FROM file_share WHERE file_id = ?", id);
    this.sql.exec("DELETE FROM file WHERE id = ?", id);
  }

  usesKey(key: string): boolean {
    return this.sql.exec("SELECT 1 FROM file_version WHERE r2_key = ? LIMIT 1", key).toArray().length > 0;
  }

  /** Files with a version whose bytes are this object. */
  withKey(key: string): StoredFile[] {
    return this.sql
      .exec(`SELECT DISTINCT ${FILE} FROM file WHERE id IN (SELECT file_id FROM file_version WHERE r2_key = ?)`, key)
      .toArray()
      .map(fileOf);
  }

  /** Notes an object in R2 that no version uses (yet). */
  waste(key: string, now: number): void {
    this.sql.exec("INSERT INTO file_waste (r2_key, at) VALUES (?, ?) ON CONFLICT (r2_key) DO UPDATE SET at = excluded.at", key, now);
  }

  wasteBefore(before: number, limit: number): string[] {
    return this.sql
      .exec("SELECT r2_key FROM file_waste WHERE at < ? ORDER BY at LIMIT ?", before, limit)
      .toArray()
      .map((row) => String(row["r2_key"]));
  }

  /** They are being deleted. */
  wasteGoes(keys: readonly string[]): void {
    for (const key of keys) this.sql.exec("UPDATE file_waste SET at = 0 WHERE r2_key = ?", key);
  }

  /** Whether a version may use what was put there: it was noted, and is not being deleted. */
  mayUse(key: string): boolean {
    return this.usesKey(key) || this.sql.exec("SELECT 1 FROM file_waste WHERE r2_key = ? AND at > 0", key).toArray().length > 0;
  }

  wasteGone(keys: readonly string[]): void {
    for (const key of keys) this.sql.exec("DELETE FROM file_waste WHERE r2_key = ?", key);
  }

  addShare(share: StoredShare): void {
    this.sql.exec(
      "INSERT INTO file_share (id, file_id, version, expires_at, created_at) VALUES (?, ?, ?, ?, ?)",
      share.id,
      share.fileId,
      share.version,
      share.expiresAt,
      share.createdAt,
    );
  }

  share(id: string): StoredShare | null {
    return first(this.sql.exec("SELECT id, file_id, version, expires_at, created_at FROM file_share WHERE id = ?", id), shareOf);
  }

  /** Links that work, the newest first. */
  shares(now: number): StoredShare[] {
    return this.sql
      .exec("SELECT id, file_id, version, expires_at, created_at FROM file_share WHERE expires_at > ? ORDER BY created_at DESC, id", now)
      .toArray()
      .map(shareOf);
  }

  /** Whether a link leads to it now. */
  isShared(fileId: string, now: number): boolean {
    return this.sql.exec("SELECT 1 FROM file_share WHERE file_id = ? AND expires_at > ? LIMIT 1", fileId, now).toArray().length > 0;
  }

  deleteShare(id: string): boolean {
    return this.sql.exec("DELETE FROM file_share WHERE id = ? RETURNING id", id).toArray().length > 0;
  }

  pruneShares(now: number): void {
    this.sql.exec("DELETE FROM file_share WHERE expires_at <= ?", now);
  }
}

/** A link that lets anybody read a file until it ends. */
export interface StoredShare {
  id: string;
  fileId: string;
  /** The newest one when it was made: the user saw it. */
  version: number;
  expiresAt: number;
  createdAt: number;
}

/** Paths of a folder's files are from the first of these on, and before the second: `0` comes after `/`. */
const bounds = (folder: string): [string, string] => (folder === "/" ? ["/", "0"] : [`${folder}/`, `${folder}0`]);

function first<T>(cursor: { toArray(): Row[] }, of: (row: Row) => T): T | null {
  const [row] = cursor.toArray();
  return row === undefined ? null : of(row);
}

const text = (value: SqlStorageValue | undefined): string | null => (typeof value === "string" ? value : null);
const number = (value: SqlStorageValue | undefined): number | null => (typeof value === "number" ? value : null);
const authorOf = (row: Row): "user" | "agent" => (row["author"] === "user" ? "user" : "agent");

const fileOf = (row: Row): StoredFile => ({
  id: String(row["id"]),
  path: String(row["path"]),
  version: Number(row["version"]),
  size: Number(row["size"]),
  mime: String(row["mime"]),
  author: authorOf(row),
  untrusted: text(row["untrusted"]),
  createdAt: Number(row["created_at"]),
  updatedAt: Number(row["updated_at"]),
  deletedAt: number(row["deleted_at"]),
  callKey: text(row["call_key"]),
});

const aboutOf = (row: Row): VersionAbout => ({
  fileId: String(row["file_id"]),
  version: Number(row["version"]),
  key: text(row["r2_key"]),
  size: Number(row["size"]),
  mime: String(row["mime"]),
  hash: String(row["hash"]),
  author: authorOf(row),
  untrusted: text(row["untrusted"]),
  at: Number(row["at"]),
});

function versionOf(row: Row): FileVersion {
  const { key, ...about } = aboutOf(row);
  return { ...about, content: key === null ? { text: String(row["text"]), key } : { text: null, key } };
}

const shareOf = (row: Row): StoredShare => ({
  id: String(row["id"]),
  fileId: String(row["file_id"]),
  version: Number(row["version"]),
  expiresAt: Number(row["expires_at"]),
  createdAt: Number(row["created_at"]),
});
