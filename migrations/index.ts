import accounts from "./0001_accounts.sql";
import memoryAndKnowledge from "./0002_memory_and_knowledge.sql";
import hooks from "./0003_hooks.sql";
import mailboxes from "./0004_mailboxes.sql";

export interface Migration {
  /** The file's name, as `wrangler d1 migrations` records it. */
  name: string;
  sql: string;
}

/** Every migration, oldest first, bundled with the Worker. Append-only; a test compares this list with the folder. */
export const migrations: readonly Migration[] = [
  { name: "0001_accounts.sql", sql: accounts },
  { name: "0002_memory_and_knowledge.sql", sql: memoryAndKnowledge },
  { name: "0003_hooks.sql", sql: hooks },
  { name: "0004_mailboxes.sql", sql: mailboxes },
];
