import { z } from "zod";
import { UserSettings } from "../../agent/shapes.ts";

export const configVersionSchema: readonly string[] = [
  // Every state the configuration has been in. Only added to.
  `CREATE TABLE config_version (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    channel TEXT,
    summary TEXT NOT NULL,
    snapshot TEXT NOT NULL
  ) STRICT`,
];

/** A standing permission as a version keeps it. Those for one task are not configuration. */
export const VersionedGrant = z.object({
  tool: z.string(),
  version: z.string(),
  covers: z.union([z.object({ destinations: z.array(z.string()).readonly() }), z.object({ inputHash: z.string() })]),
  label: z.string(),
  approvalId: z.string().nullable(),
});
export type VersionedGrant = z.infer<typeof VersionedGrant>;

/** Everything that is configuration, as it was. */
export const Snapshot = z.object({ settings: UserSettings, grants: z.array(VersionedGrant) });
export type Snapshot = z.infer<typeof Snapshot>;

export interface ConfigVersion {
  /** From 1. */
  seq: number;
  /** UTC milliseconds. */
  at: number;
  /** `agent`: proposed by the agent and approved by the user. */
  author: "user" | "agent" | "system";
  channel: string | null;
  /** One line: what was done. */
  summary: string;
  snapshot: Snapshot;
}

export class ConfigVersionStore {
  constructor(private readonly sql: SqlStorage) {}

  insert({ at, author, channel, summary, snapshot }: Omit<ConfigVersion, "seq">): number {
    return Number(
      this.sql
        .exec(
          "INSERT INTO config_version (at, author, channel, summary, snapshot) VALUES (?, ?, ?, ?, ?) RETURNING seq",
          at,
          author,
          channel,
          summary,
          JSON.stringify(snapshot),
        )
        .one()["seq"],
    );
  }

  get(seq: number): ConfigVersion | null {
    const row = this.sql.exec("SELECT * FROM config_version WHERE seq = ?", seq).toArray()[0];
    return row ? toVersion(row) : null;
  }

  /** Newest first; `before` is a `seq`. */
  page(limit: number, before: number | null): ConfigVersion[] {
    return this.sql
      .exec("SELECT * FROM config_version WHERE seq < ? ORDER BY seq DESC LIMIT ?", before ?? Number.MAX_SAFE_INTEGER, limit)
      .toArray()
      .map(toVersion);
  }
}

const Author = z.enum(["user", "agent", "system"]);

function toVersion(row: Record<string, SqlStorageValue>): ConfigVersion {
  return {
    seq: Number(row["seq"]),
    at: Number(row["at"]),
    author: Author.parse(row["author"]),
    channel: row["channel"] === null ? null : String(row["channel"]),
    summary: String(row["summary"]),
    snapshot: Snapshot.parse(JSON.parse(String(row["snapshot"]))),
  };
}
