import { StoredPlaybook } from "../../plans/stored-playbook.ts";

/** Playbooks that the user keeps, and how often each was run, built-in ones too. */
export const playbookSchema: readonly string[] = [
  `CREATE TABLE playbook (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    goal TEXT NOT NULL,
    variables TEXT NOT NULL,
    steps TEXT NOT NULL,
    tainted INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE playbook_use (name TEXT PRIMARY KEY, runs INTEGER NOT NULL, last_run_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
];

export interface PlaybookUse {
  runs: number;
  lastRunAt: number | null;
}

export class PlaybookStore {
  constructor(private readonly sql: SqlStorage) {}

  get(name: string): StoredPlaybook | null {
    const row = this.sql.exec("SELECT * FROM playbook WHERE name = ?", name).toArray()[0];
    return row ? toPlaybook(row) : null;
  }

  /** By name. */
  all(): StoredPlaybook[] {
    return this.sql.exec("SELECT * FROM playbook ORDER BY name").toArray().map(toPlaybook);
  }

  count(): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM playbook").one()["n"]);
  }

  put(playbook: StoredPlaybook & { createdAt: number; updatedAt: number }): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO playbook (name, title, description, goal, variables, steps, tainted, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      playbook.name,
      playbook.title,
      playbook.description,
      playbook.goal,
      JSON.stringify(playbook.variables),
      JSON.stringify(playbook.steps),
      Number(playbook.tainted),
      playbook.createdAt,
      playbook.updatedAt,
    );
  }

  delete(name: string): void {
    this.sql.exec("DELETE FROM playbook WHERE name = ?", name);
    this.sql.exec("DELETE FROM playbook_use WHERE name = ?", name);
  }

  used(name: string, at: number): void {
    this.sql.exec(
      "INSERT INTO playbook_use (name, runs, last_run_at) VALUES (?1, 1, ?2) ON CONFLICT (name) DO UPDATE SET runs = runs + 1, last_run_at = ?2",
      name,
      at,
    );
  }

  uses(): Map<string, PlaybookUse> {
    const rows = this.sql.exec("SELECT name, runs, last_run_at FROM playbook_use").toArray();
    return new Map(rows.map((row) => [String(row["name"]), { runs: Number(row["runs"]), lastRunAt: Number(row["last_run_at"]) }]));
  }
}

const toPlaybook = (row: Record<string, SqlStorageValue>): StoredPlaybook =>
  StoredPlaybook.parse({
    name: row["name"],
    title: row["title"],
    description: row["description"],
    goal: row["goal"],
    variables: JSON.parse(String(row["variables"])),
    steps: JSON.parse(String(row["steps"])),
    tainted: row["tainted"] === 1,
    createdAt: row["created_at"],
    updatedAt: row["updated_at"],
  });
