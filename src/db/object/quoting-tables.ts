import { z } from "zod";
import type { Rewrite } from "../../memory/forget-words.ts";
import { forgetImprovements } from "./improvements.ts";

const Plan = z.looseObject({ prompt: z.string() });
const Target = z.looseObject({ subject: z.string().optional() }).nullable();

/** A table beside the messages in which words of a conversation may stand. */
interface QuotingTable {
  table: string;
  key: readonly string[];
  /** Columns of plain text, and of JSON. */
  text: readonly string[];
  json: readonly string[];
  /** Columns of JSON that say where a reply goes: of a mail they hold the subject; the rest of them is addresses and ids, which must stay. */
  targets?: readonly string[];
  /** Columns of JSON that say how to work: their prompt is text, what stands beside it are names, which must stay. */
  plans?: readonly string[];
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
  { table: "schedule", key: ["id"], text: ["title", "said", "text", "last_error"], json: ["variables"], targets: ["reply_to"] },
  { table: "schedule_run", key: ["schedule_id", "due_at"], text: ["error"], json: [] },
  {
    table: "task",
    key: ["number"],
    text: ["title", "input", "progress", "result"],
    json: ["content", "words", "known", "given", "error", "expects", "review"],
    targets: ["reply_to"],
    plans: ["plan"],
  },
  { table: "profile", key: ["name"], text: ["purpose", "prompt"], json: [] },
  { table: "task_step", key: ["task_id", "n"], text: ["text"], json: ["reply"] },
  { table: "plan", key: ["number"], text: ["goal"], json: ["data"], targets: ["reply_to"] },
  { table: "plan_step", key: ["plan_id", "name"], text: ["title", "result"], json: ["work", "error"] },
  { table: "playbook", key: ["name"], text: ["title", "description", "goal"], json: ["variables", "steps"] },
  { table: "heartbeat_look", key: ["id"], text: ["why"], json: [] },
  { table: "listener", key: ["id"], text: ["title", "paused_because", "poll_error"], json: ["action", "wanted"], targets: ["reply_to"] },
  { table: "listener_event", key: ["seq"], text: ["title", "excerpt", "content", "why"], json: [] },
  { table: "mail_event", key: ["id"], text: ["sender", "sender_name", "subject", "text"], json: ["attachments", "facts"] },
  // What the agent wrote into files; what the user wrote and uploaded is theirs.
  { table: "file_version", key: ["file_id", "version"], text: ["text"], json: [], where: "author = 'agent' AND text IS NOT NULL" },
  // Its texts are the user's to change: see `forget-in-skills.ts`.
  { table: "skill_use", key: ["call_id"], text: ["summary"], json: [] },
  { table: "standing_grant", key: ["id"], text: ["label"], json: [] },
  {
    table: "approval",
    key: ["id"],
    text: ["description", "reason", "note"],
    json: ["input", "destinations"],
    where: "state NOT IN ('approved', 'executing')",
  },
  { table: "approval", key: ["id"], text: [], json: [], targets: ["reply_to"] },
  { table: "inbox", key: ["id"], text: [], json: [], targets: ["reply_to"] },
  { table: "outbox", key: ["id"], text: [], json: [], targets: ["target"] },
];

/** Writes anew what `rewrite` changes in any row. Gives how many rows changed. */
export function rewriteQuotes(sql: SqlStorage, rewrite: Rewrite): number {
  let changed = 0;
  for (const quoting of QUOTING) {
    const { table, key, text, json, targets = [], plans = [] } = quoting;
    const columns = [...text, ...json, ...targets, ...plans];
    for (const row of rowsOf(sql, quoting, columns)) {
      const next = columns.map((column) => {
        const value = row[column];
        if (typeof value !== "string") return value ?? null;
        if (targets.includes(column)) return rewrittenTarget(value, rewrite);
        if (plans.includes(column)) return rewrittenPlan(value, rewrite);
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
  changed += forgetImprovements(sql, rewrite);
  // What pages said is not rewritten: it is read again.
  sql.exec("DELETE FROM page_cache");
  return changed;
}

/** Rows that are in memory at once: a table of years does not fit, nor do many of a megabyte. */
const AT_ONCE = 20;

/** Every row of a table, by its key. */
function* rowsOf(
  sql: SqlStorage,
  { table, key, where = "1" }: QuotingTable,
  columns: readonly string[],
): Generator<Record<string, SqlStorageValue>, void> {
  const keys = key.join(", ");
  const beyond = `(${keys}) > (${key.map(() => "?").join(", ")})`;
  let last: SqlStorageValue[] = [];
  for (;;) {
    const rows = sql
      .exec(
        `SELECT ${[...key, ...columns].join(", ")} FROM ${table} WHERE ${where} AND ${last.length === 0 ? "1" : beyond} ORDER BY ${keys} LIMIT ${AT_ONCE}`,
        ...last,
      )
      .toArray();
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < AT_ONCE) return;
    last = key.map((column) => end[column] ?? null);
  }
}

/** The same bytes where nothing changed. */
export function rewrittenJson(text: string, rewrite: Pick<Rewrite, "value">): string {
  if (text === "[]" || text === "null") return text;
  const value: unknown = JSON.parse(text);
  const next = JSON.stringify(rewrite.value(value));
  return next === JSON.stringify(value) ? text : next;
}

/** A plan with another prompt, and nothing else changed. */
function rewrittenPlan(json: string, rewrite: Pick<Rewrite, "text">): string {
  const plan = Plan.parse(JSON.parse(json));
  const prompt = rewrite.text(plan.prompt);
  return prompt === plan.prompt ? json : JSON.stringify({ ...plan, prompt });
}

/** A target of a reply with another subject, and nothing else changed. */
function rewrittenTarget(json: string, rewrite: Pick<Rewrite, "text">): string {
  const target = Target.parse(JSON.parse(json));
  if (target?.subject === undefined) return json;
  const subject = rewrite.text(target.subject);
  return subject === target.subject ? json : JSON.stringify({ ...target, subject });
}
