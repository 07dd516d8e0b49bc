import { Usage } from "../../channels/events.ts";
import { isSkillName } from "../../skills/skill-name.ts";
import type { PastCall, PastRequest } from "../../self-improvement/past-request.ts";

/** What is read at most; more than a busy month of one person. */
const MAX_REQUESTS = 1_000;
const MAX_CALLS = 200;
/** Tools whose input names the skill that they are called for. */
const SKILL_TOOLS = new Set(["use_skill", "run_skill_script"]);

/** One call as an example shows it. */
export interface ExampleCall extends PastCall {
  /** The arguments as JSON; null: content from outside was about, so what they hold may be its wish. */
  input: string | null;
}

/**
 * What the user asked for since an instant, in their own words, with what it took: calls of the turn and of tasks that it began. What begins by itself (schedules, events) is not asked for again
 * and again by anybody, and is left out. `dayOf` gives the day of an instant in the user's zone.
 */
export function pastRequests(sql: SqlStorage, since: number, dayOf: (at: number) => string): PastRequest[] {
  const rows = sql
    .exec(
      `SELECT m.turn_id, group_concat(m.text, char(10)) AS text, min(m.created_at) AS at, t.status, t.started_at, t.ended_at, a.usage
       FROM message m JOIN turn t ON t.id = m.turn_id LEFT JOIN message a ON a.id = t.reply_message_id
       WHERE m.role = 'user' AND m.kind = 'chat' AND m.channel <> 'agent' AND m.superseded_at IS NULL AND m.created_at >= ? AND t.kind = 'chat' AND t.status IN ('done', 'failed')
       GROUP BY m.turn_id ORDER BY at DESC LIMIT ?`,
      since,
      MAX_REQUESTS,
    )
    .toArray();
  const calls = callsSince(sql, since);
  const tasks = tasksByParent(sql);
  return rows.map((row) => {
    const turnId = String(row["turn_id"]);
    const at = Number(row["at"]);
    const { microUsd, endedAt } = tasks.get(turnId) ?? { microUsd: 0, endedAt: 0 };
    const usage = row["usage"] === null ? null : Usage.parse(JSON.parse(String(row["usage"])));
    const ended = Math.max(Number(row["ended_at"] ?? at), endedAt);
    return {
      turnId,
      text: String(row["text"]),
      at,
      day: dayOf(at),
      calls: calls.get(turnId) ?? [],
      ms: Math.max(0, ended - Number(row["started_at"])),
      microUsd: (usage?.cost_micro_usd ?? 0) + microUsd,
      failed: row["status"] === "failed",
    };
  });
}

/**
 * The calls of one turn and of tasks that it began, in order. Content from outside is about from where it was read on, and from the beginning where the turn, or the task, began with it; where that is not known, it counts as if it had.
 */
export function exampleCalls(sql: SqlStorage, turnId: string): ExampleCall[] {
  const rows = sql
    .exec(
      `SELECT c.tool, c.state, c.input, c.summary, c.untrusted, coalesce(k.tainted = 1, r.tainted, 1) AS tainted FROM tool_call c
       LEFT JOIN task k ON k.id = c.turn_id LEFT JOIN context_record r ON r.turn_id = c.turn_id
       WHERE (c.turn_id = ?1 OR c.turn_id IN (SELECT id FROM task WHERE parent_id = ?1)) ORDER BY c.started_at, c.id LIMIT ?2`,
      turnId,
      MAX_CALLS,
    )
    .toArray();
  return examplesOf(rows);
}

/** The calls of every turn, with those of tasks that it began. Read once: no index leads from a turn to its calls, and to look for each turn's would be to go through all of them a thousand times. */
function callsSince(sql: SqlStorage, since: number): Map<string, PastCall[]> {
  const rows = sql
    .exec(
      `SELECT coalesce(k.parent_id, c.turn_id) AS request, c.tool, c.state, iif(c.tool IN (SELECT value FROM json_each(?)), c.input, 'null') AS input,
         c.summary, c.untrusted, coalesce(k.tainted = 1, r.tainted, 1) AS tainted FROM tool_call c
       LEFT JOIN task k ON k.id = c.turn_id LEFT JOIN context_record r ON r.turn_id = c.turn_id
       WHERE c.started_at >= ? AND c.turn_id IS NOT NULL ORDER BY c.started_at, c.id`,
      JSON.stringify([...SKILL_TOOLS]),
      since,
    )
    .toArray();
  const byRequest = Map.groupBy(rows, (row) => String(row["request"]));
  return new Map([...byRequest].map(([request, of]) => [request, examplesOf(of.slice(0, MAX_CALLS)).map(({ input: _, ...call }) => call)]));
}

/** What tasks cost and when the last ended, by the turn that began them. */
function tasksByParent(sql: SqlStorage): Map<string, { microUsd: number; endedAt: number }> {
  const rows = sql
    .exec(
      "SELECT parent_id, coalesce(sum(micro_usd), 0) AS micro_usd, max(ended_at) AS ended_at FROM task WHERE parent_id IS NOT NULL GROUP BY parent_id",
    )
    .toArray();
  return new Map(
    rows.map((row) => [String(row["parent_id"]), { microUsd: Number(row["micro_usd"]), endedAt: Number(row["ended_at"] ?? 0) }]),
  );
}

/** Calls in their order, as rows, with what is known of each when it was made. */
function examplesOf(rows: readonly Record<string, SqlStorageValue>[]): ExampleCall[] {
  let skill: string | null = null;
  let outside = false;
  return rows.map((row) => {
    const tool = String(row["tool"]);
    const input = String(row["input"]);
    // From where it is read on, a skill is what the turn goes by.
    if (SKILL_TOOLS.has(tool)) skill = skillOf(input) ?? skill;
    const failed = row["state"] === "failed";
    const before = outside || row["tainted"] !== 0;
    outside ||= row["untrusted"] !== null;
    return {
      tool,
      skill,
      failed,
      error: failed ? String(row["summary"] ?? "") : null,
      outside: before || outside,
      input: before ? null : input,
    };
  });
}

function skillOf(input: string): string | null {
  const read: unknown = JSON.parse(input);
  if (typeof read !== "object" || read === null) return null;
  const named: unknown = "skill" in read ? read.skill : "name" in read ? read.name : null;
  return typeof named === "string" && isSkillName(named) ? named : null;
}
