import type { Rewrite } from "../../memory/forget-words.ts";

/** A table beside the messages in which words of a conversation may stand. */
interface QuotingTable {
  table: string;
  key: readonly string[];
  /** Columns of plain text, and of JSON. */
  text: readonly string[];
  json: readonly string[];
  /** Only these rows. */
  where?: string;
}

/**
 * Every table that may quote what is forgotten. The audit trail is none: of contents it holds hashes. An approval that waits is another call then than the one that was asked
 * about, so a yes to it is refused; what runs at this moment is left to its end.
 */
const QUOTING: readonly QuotingTable[] = [
  { table: "tool_call", key: ["id"], text: ["summary", "reason", "untrusted"], json: ["input", "output", "receipt", "links"] },
  { table: "step", key: ["turn_id", "name"], text: [], json: ["result"] },
  { table: "summary", key: ["conversation_id"], text: ["clean", "outside", "before"], json: [] },
  // Plans show examples of what they found.
  { table: "import", key: ["id"], text: ["name"], json: ["plan", "skipped"] },
  { table: "import_conversation", key: ["id"], text: ["title"], json: [] },
  { table: "schedule", key: ["id"], text: ["title", "said", "text", "last_error"], json: [] },
  { table: "schedule_run", key: ["schedule_id", "due_at"], text: ["error"], json: [] },
  { table: "task", key: ["number"], text: ["title", "input", "progress", "result"], json: ["content", "words", "known", "given", "error"] },
  { table: "task_step", key: ["task_id", "n"], text: ["text"], json: ["reply"] },
  { table: "heartbeat_look", key: ["id"], text: ["why"], json: [] },
  { table: "listener", key: ["id"], text: ["title", "paused_because", "poll_error"], json: ["action", "wanted"] },
  { table: "listener_event", key: ["seq"], text: ["title", "excerpt", "content", "why"], json: [] },
  { table: "mail_event", key: ["id"], text: ["sender_name", "subject", "text"], json: ["attachments"] },
  { table: "standing_grant", key: ["id"], text: ["label"], json: [] },
  {
    table: "approval",
    key: ["id"],
    text: ["description", "reason", "note"],
    json: ["input", "destinations"],
    where: "state NOT IN ('approved', 'executing')",
  },
];

/** Writes anew what `rewrite` changes in any row. Gives how many rows changed. */
export function rewriteQuotes(sql: SqlStorage, rewrite: Rewrite): number {
  let changed = 0;
  for (const { table, key, text, json, where } of QUOTING) {
    const columns = [...text, ...json];
    const rows = sql.exec(`SELECT ${[...key, ...columns].join(", ")} FROM ${table} WHERE ${where ?? "1"}`).toArray();
    for (const row of rows) {
      const next = columns.map((column) => {
        const value = row[column];
        if (typeof value !== "string") return value ?? null;
        return json.includes(column) ? rewrittenJson(value, rewrite) : rewrite.text(value);
      });
      if (columns.every((column, index) => row[column] === next[index])) continue;
      changed++;
      sql.exec(
        `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE ${key.map((column) => `${column} = ?`).join(" AND ")}`,
        ...next,
        ...key.map((column) => row[column] ?? null),
      );
    }
  }
  return changed;
}

/** The same bytes where nothing changed. */
export function rewrittenJson(text: string, rewrite: Pick<Rewrite, "value">): string {
  if (text === "[]" || text === "null") return text;
  const value: unknown = JSON.parse(text);
  const next = JSON.stringify(rewrite.value(value));
  return next === JSON.stringify(value) ? text : next;
}
