import { z } from "zod";
import type { Grant } from "../../permission/grant.ts";

export const grantSchema: readonly string[] = [
  // Standing permissions: what the user said yes to for more than one call.
  `CREATE TABLE standing_grant (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tool TEXT NOT NULL,
    version TEXT NOT NULL,
    destinations TEXT,
    input_hash TEXT,
    task_id TEXT,
    label TEXT NOT NULL,
    approval_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    used_at INTEGER,
    uses INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
];

/** A standing permission with what a person wants to know of it. Instants are UTC milliseconds. */
export interface GrantRow extends Grant {
  seq: number;
  /** What it covers, in words. */
  label: string;
  approvalId: string | null;
  createdAt: number;
  /** null: until it is revoked. */
  expiresAt: number | null;
  revokedAt: number | null;
  usedAt: number | null;
  uses: number;
}

/** Whether it holds at an instant. */
export const holds = ({ revokedAt, expiresAt }: Pick<GrantRow, "revokedAt" | "expiresAt">, now: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

export type NewGrant = Omit<GrantRow, "seq" | "revokedAt" | "usedAt" | "uses">;

/** Standing permissions in the user's object. Read once: there are a few dozen at most. */
export class GrantStore {
  #rows: GrantRow[] | null = null;
  constructor(private readonly sql: SqlStorage) {}

  /** After a transaction that was undone: what is kept in memory is read anew. */
  forget(): void {
    this.#rows = null;
  }

  /** All of them, newest first, revoked and expired ones too. */
  all(): GrantRow[] {
    this.#rows ??= this.sql.exec("SELECT * FROM standing_grant ORDER BY seq DESC").toArray().map(toRow);
    return this.#rows;
  }

  /** Those that hold at an instant. */
  active(now: number): GrantRow[] {
    return this.all().filter((grant) => holds(grant, now));
  }

  insert(grant: NewGrant): GrantRow {
    this.#rows = null;
    this.sql.exec(
      "INSERT INTO standing_grant (id, tool, version, destinations, input_hash, task_id, label, approval_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      grant.id,
      grant.tool,
      grant.version,
      "destinations" in grant.covers ? JSON.stringify(grant.covers.destinations) : null,
      "inputHash" in grant.covers ? grant.covers.inputHash : null,
      grant.taskId,
      grant.label,
      grant.approvalId,
      grant.createdAt,
      grant.expiresAt,
    );
    const made = this.all().find(({ id }) => id === grant.id);
    if (made === undefined) throw new Error("a grant that was just written is not there");
    return made;
  }

  /** False: there is none that holds. */
  revoke(id: string, now: number): boolean {
    this.#rows = null;
    return (
      this.sql.exec("UPDATE standing_grant SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id", now, id).toArray()
        .length === 1
    );
  }

  used(id: string, now: number): void {
    this.#rows = null;
    this.sql.exec("UPDATE standing_grant SET used_at = ?, uses = uses + 1 WHERE id = ?", now, id);
  }
}

const Destinations = z.array(z.string());

function toRow(row: Record<string, SqlStorageValue>): GrantRow {
  const number = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  return {
    seq: Number(row["seq"]),
    id: String(row["id"]),
    tool: String(row["tool"]),
    version: String(row["version"]),
    covers:
      row["destinations"] === null
        ? { inputHash: text("input_hash") ?? "" }
        : { destinations: Destinations.parse(JSON.parse(String(row["destinations"]))) },
    taskId: text("task_id"),
    label: String(row["label"]),
    approvalId: text("approval_id"),
    createdAt: Number(row["created_at"]),
    expiresAt: number("expires_at"),
    revokedAt: number("revoked_at"),
    usedAt: number("used_at"),
    uses: Number(row["uses"]),
  };
}
