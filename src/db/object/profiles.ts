import { z } from "zod";
import { Tier } from "../../models/provider.ts";
import { TaskLimits } from "../../tasks/shapes.ts";

/** Profiles that the user made. */
export const profileSchema: readonly string[] = [
  `CREATE TABLE profile (
    name TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    prompt TEXT NOT NULL,
    tier TEXT NOT NULL,
    tools TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    limits TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

const List = z.array(z.string());

/** A profile that the user made, as it is stored. */
export interface ProfileRow {
  name: string;
  purpose: string;
  prompt: string;
  tier: Tier;
  tools: string[];
  capabilities: string[];
  limits: TaskLimits;
  createdAt: number;
  updatedAt: number;
}

export class ProfileStore {
  constructor(private readonly sql: SqlStorage) {}

  get(name: string): ProfileRow | null {
    const row = this.sql.exec("SELECT * FROM profile WHERE name = ?", name).toArray()[0];
    return row ? toRow(row) : null;
  }

  /** By name. */
  all(): ProfileRow[] {
    return this.sql.exec("SELECT * FROM profile ORDER BY name").toArray().map(toRow);
  }

  put(profile: ProfileRow): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO profile (name, purpose, prompt, tier, tools, capabilities, limits, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      profile.name,
      profile.purpose,
      profile.prompt,
      profile.tier,
      JSON.stringify(profile.tools),
      JSON.stringify(profile.capabilities),
      JSON.stringify(profile.limits),
      profile.createdAt,
      profile.updatedAt,
    );
  }

  delete(name: string): boolean {
    return this.sql.exec("DELETE FROM profile WHERE name = ? RETURNING name", name).toArray().length === 1;
  }
}

const toRow = (row: Record<string, SqlStorageValue>): ProfileRow => ({
  name: String(row["name"]),
  purpose: String(row["purpose"]),
  prompt: String(row["prompt"]),
  tier: Tier.parse(row["tier"]),
  tools: List.parse(JSON.parse(String(row["tools"]))),
  capabilities: List.parse(JSON.parse(String(row["capabilities"]))),
  limits: TaskLimits.parse(JSON.parse(String(row["limits"]))),
  createdAt: Number(row["created_at"]),
  updatedAt: Number(row["updated_at"]),
});
