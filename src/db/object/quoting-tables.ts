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
 * Every table that may quote what is forgotten. The audit trail is none: it holds hashes. An approval that still waits is left: it says what would be done, and goes when it is answered.
 */
const QUOTING: readonly QuotingTable[] = [
  { table: "tool_call", key: ["id"], text: ["summary"], json: ["input", "output", "receipt"] },
  { table: "step", key: ["turn_id", "name"], text: [], json: ["result"] },
  { table: "summary", key: ["conversation_id"], text: ["clean", "outside", "before"], json: [] },
  // Plans show examples of what they found.
  { table: "import", key: ["id"], text: [], json: ["plan"] },
  {
    table: "approval",
    key: ["id"],
    text: ["description", "reason", "note"],
    json: ["input"],
    where: "state NOT IN ('pending', 'approved', 'executing')",
  },
];

/** Writes anew what `rewrite` changes in the rows that hold one of some words. Gives how many rows changed. */
export function rewriteQuotes(
  sql: SqlStorage,
  words: readonly string[],
  rewrite: { text(text: string): string; value(value: unknown): unknown },
): number {
  let changed = 0;
  for (const { table, key, text, json, where } of QUOTING) {
    const columns = [...text, ...json];
    const holds = columns.map((column) => `instr(lower(${column}), value) > 0`).join(" OR ");
    const rows = sql
      .exec(
        `SELECT ${[...key, ...columns].join(", ")} FROM ${table} WHERE ${where ?? "1"} AND EXISTS (SELECT 1 FROM json_each(?) WHERE ${holds})`,
        JSON.stringify(words),
      )
      .toArray();
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
function rewrittenJson(text: string, rewrite: { value(value: unknown): unknown }): string {
  const value: unknown = JSON.parse(text);
  const next = JSON.stringify(rewrite.value(value));
  return next === JSON.stringify(value) ? text : next;
}
