import { type StoredSkill, StoredSkill as Skill, type StoredVersion, StoredVersion as Version } from "../../skills/stored-skill.ts";
import { joinBytes } from "../../join-bytes.ts";

type Row = Record<string, SqlStorageValue>;

/**
 * Skills. `skill`: one a row, which version is in use and what it was granted; of a built-in one only what the user decided about it. `skill_version`: what was read of a version. `skill_file`, `skill_blob`: its files, each content once,
 * in pieces of 1 MB, since a row may hold 2. `skill_use`: each use for 90 days; `skill_total`: their sums, which stay.
 */
export const skillSchema: readonly string[] = [
  `CREATE TABLE skill (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('new', 'enabled', 'disabled')),
    version TEXT NOT NULL,
    waiting TEXT,
    granted TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    uninstalled_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE skill_version (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    number INTEGER NOT NULL,
    about TEXT NOT NULL,
    trusted INTEGER NOT NULL,
    tainted INTEGER NOT NULL,
    used INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (name, version)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE skill_file (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    text INTEGER NOT NULL,
    runs TEXT,
    PRIMARY KEY (name, version, path)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX skill_file_hash ON skill_file (hash)`,
  `CREATE TABLE skill_blob (hash TEXT NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (hash, n)) STRICT, WITHOUT ROWID`,
];

/** Bytes of a piece. */
const PIECE = 1_000_000;

/** What is kept of skills, as rows; {@link Skills} has the rules. */
export class SkillStore {
  #revision = 0;

  constructor(private readonly sql: SqlStorage) {}

  /** Another number after every write: what was made of the rows holds while it stays. */
  get revision(): number {
    return this.#revision;
  }

  get(name: string): StoredSkill | null {
    const row = this.sql.exec("SELECT * FROM skill WHERE name = ?", name).toArray()[0];
    return row ? toSkill(row) : null;
  }

  /** By name, also those that were uninstalled. */
  all(): StoredSkill[] {
    return this.sql.exec("SELECT * FROM skill ORDER BY name").toArray().map(toSkill);
  }

  put(skill: StoredSkill): void {
    this.#revision++;
    this.sql.exec(
      "INSERT OR REPLACE INTO skill (name, state, version, waiting, granted, created_at, updated_at, uninstalled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      skill.name,
      skill.state,
      skill.version,
      skill.waiting,
      JSON.stringify(skill.granted),
      skill.createdAt,
      skill.updatedAt,
      skill.uninstalledAt,
    );
  }

  version(name: string, version: string): StoredVersion | null {
    const row = this.sql.exec("SELECT * FROM skill_version WHERE name = ? AND version = ?", name, version).toArray()[0];
    return row ? this.#toVersion(row) : null;
  }

  /** The newest first. */
  versions(name: string): StoredVersion[] {
    return this.sql
      .exec("SELECT * FROM skill_version WHERE name = ? ORDER BY number DESC", name)
      .toArray()
      .map((row) => this.#toVersion(row));
  }

  nextNumber(name: string): number {
    return Number(this.sql.exec("SELECT coalesce(max(number), 0) + 1 AS n FROM skill_version WHERE name = ?", name).one()["n"]);
  }

  /** `contents`: the bytes of each file, in the order of `files`. */
  addVersion(version: StoredVersion, contents: readonly Uint8Array[]): void {
    this.#revision++;
    const { name, version: id, number, trusted, tainted, used, createdAt, files, ...about } = version;
    this.sql.exec(
      "INSERT INTO skill_version (name, version, number, about, trusted, tainted, used, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      name,
      id,
      number,
      JSON.stringify(about),
      Number(trusted),
      Number(tainted),
      Number(used),
      createdAt,
    );
    for (const [index, { path, kind, hash, size, text, runs }] of files.entries()) {
      this.#addBlob(hash, contents[index] ?? new Uint8Array());
      this.sql.exec(
        "INSERT INTO skill_file (name, version, path, kind, hash, size, text, runs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        name,
        id,
        path,
        kind,
        hash,
        size,
        Number(text),
        runs,
      );
    }
  }

  /** Marks a version; what is left out stays. */
  markVersion(name: string, version: string, { trusted, used, tainted }: { trusted?: boolean; used?: boolean; tainted?: boolean }): void {
    this.#revision++;
    const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value));
    this.sql.exec(
      "UPDATE skill_version SET trusted = coalesce(?, trusted), used = coalesce(?, used), tainted = coalesce(?, tainted) WHERE name = ? AND version = ?",
      flag(trusted),
      flag(used),
      flag(tainted),
      name,
      version,
    );
  }

  deleteVersion(name: string, version: string): void {
    this.#revision++;
    this.sql.exec("DELETE FROM skill_file WHERE name = ? AND version = ?", name, version);
    this.sql.exec("DELETE FROM skill_version WHERE name = ? AND version = ?", name, version);
    this.#sweep();
  }

  /** Every trace of a skill but what its uses came to. */
  delete(name: string): void {
    this.#revision++;
    this.sql.exec("DELETE FROM skill_file WHERE name = ?", name);
    this.sql.exec("DELETE FROM skill_version WHERE name = ?", name);
    this.sql.exec("DELETE FROM skill WHERE name = ?", name);
    this.#sweep();
  }

  /** null: there is no such content. */
  bytes(hash: string): Uint8Array | null {
    const parts = this.sql
      .exec("SELECT bytes FROM skill_blob WHERE hash = ? ORDER BY n", hash)
      .toArray()
      .flatMap(({ bytes }) => (bytes instanceof ArrayBuffer ? [new Uint8Array(bytes)] : []));
    return parts.length === 0 ? null : joinBytes(parts);
  }

  /** Bytes of all contents. */
  size(): number {
    return Number(this.sql.exec("SELECT coalesce(sum(length(bytes)), 0) AS n FROM skill_blob").one()["n"]);
  }

  #addBlob(hash: string, bytes: Uint8Array): void {
    if (this.sql.exec("SELECT 1 FROM skill_blob WHERE hash = ? LIMIT 1", hash).toArray().length > 0) return;
    for (let n = 0; n === 0 || n * PIECE < bytes.length; n++)
      this.sql.exec(
        "INSERT INTO skill_blob (hash, n, bytes) VALUES (?, ?, ?)",
        hash,
        n,
        new Uint8Array(bytes.subarray(n * PIECE, (n + 1) * PIECE)).buffer,
      );
  }

  /** Contents that no version has any more. */
  #sweep(): void {
    this.sql.exec("DELETE FROM skill_blob WHERE hash NOT IN (SELECT hash FROM skill_file)");
  }

  #toVersion(row: Row): StoredVersion {
    const files = this.sql
      .exec("SELECT * FROM skill_file WHERE name = ? AND version = ? ORDER BY path", row["name"] ?? null, row["version"] ?? null)
      .toArray();
    return Version.parse({
      ...JSON.parse(String(row["about"])),
      name: row["name"],
      version: row["version"],
      number: row["number"],
      trusted: row["trusted"] === 1,
      tainted: row["tainted"] === 1,
      used: row["used"] === 1,
      createdAt: row["created_at"],
      files: files.map(({ path, kind, hash, size, text, runs }) => ({ path, kind, hash, size, text: text === 1, runs })),
    });
  }
}

const toSkill = (row: Row): StoredSkill =>
  Skill.parse({
    name: row["name"],
    state: row["state"],
    version: row["version"],
    waiting: row["waiting"],
    granted: JSON.parse(String(row["granted"])),
    createdAt: row["created_at"],
    updatedAt: row["updated_at"],
    uninstalledAt: row["uninstalled_at"],
  });
