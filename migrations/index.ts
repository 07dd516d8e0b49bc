import accounts from "./0001_accounts.sql";
import memoryAndKnowledge from "./0002_memory_and_knowledge.sql";

export interface Migration {
  /** The file's name, as `wrangler d1 migrations` records it. */
  name: string;
  sql: string;
}

/** Every migration, oldest first, bundled with the Worker. Append-only; a test compares this list with the folder. */
export const migrations: readonly Migration[] = [
  { name: "0001_accounts.sql", sql: accounts },
  { name: "0002_memory_and_knowledge.sql", sql: memoryAndKnowledge },
];
