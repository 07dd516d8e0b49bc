import { z } from "zod";
import type { RobotsRule } from "../../events/robots/read-robots.ts";
import type { RobotsStore as Store } from "../../events/robots/robots.ts";

/** What sites said in their robots.txt to us, of the last hundred that were looked at. */
export const robotsSchema: readonly string[] = [
  `CREATE TABLE robots (origin TEXT PRIMARY KEY, rules TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
];

const MAX_SITES = 100;
const Rules = z.array(z.object({ allow: z.boolean(), path: z.string() }));

export class RobotsStore implements Store {
  constructor(private readonly sql: SqlStorage) {}

  get(origin: string): { rules: RobotsRule[]; at: number } | null {
    const row = this.sql.exec("SELECT rules, at FROM robots WHERE origin = ?", origin).toArray()[0];
    return row === undefined ? null : { rules: Rules.parse(JSON.parse(String(row["rules"]))), at: Number(row["at"]) };
  }

  put(origin: string, rules: readonly RobotsRule[], at: number): void {
    this.sql.exec("INSERT OR REPLACE INTO robots (origin, rules, at) VALUES (?, ?, ?)", origin, JSON.stringify(rules), at);
    this.sql.exec("DELETE FROM robots WHERE origin NOT IN (SELECT origin FROM robots ORDER BY at DESC LIMIT ?)", MAX_SITES);
  }
}
