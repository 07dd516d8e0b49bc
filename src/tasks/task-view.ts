import type { TaskCallRow, TaskRow } from "../db/object/task-row.ts";
import { answerFor } from "./checks/shape.ts";
import type { TaskDetail, TaskView } from "./shapes.ts";

/** A task as every surface shows it. */
export function taskView(row: TaskRow): TaskView {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    input: row.input,
    profile: row.profile,
    tier: row.tier,
    // A person who said yes is not waited for any more.
    status: row.approvedRuns ? "running" : row.status,
    origin: row.origin,
    progress: row.progress,
    result: row.result,
    error: row.error,
    ...(row.review === null || row.review.notes.length === 0 ? {} : { notes: row.review.notes }),
    ...answerOf(row),
    tainted: row.tainted,
    counts: { steps: row.steps, tool_calls: row.toolCalls, tokens: row.tokens, cost_micro_usd: row.steps === 0 ? 0 : row.microUsd },
    limits: row.limits,
    artifacts: row.artifacts,
    conversation_id: row.conversationId,
    parent_id: row.parentId,
    created_at: row.createdAt,
    started_at: row.startedAt,
    ended_at: row.endedAt,
  };
}

/** What a task that was begun with `expects` answered. */
function answerOf({ expects, status, result }: TaskRow): { answer?: unknown } {
  const answer = expects === null || status !== "done" ? undefined : answerFor(result, expects);
  return answer === undefined ? {} : { answer };
}

/** With its steps, and the calls of each. */
export function taskDetail(
  row: TaskRow,
  steps: readonly { n: number; text: string; at: number }[],
  calls: readonly TaskCallRow[],
): TaskDetail {
  return {
    ...taskView(row),
    steps: steps.map(({ n, text, at }) => ({
      step: n,
      text,
      at,
      calls: calls
        .filter(({ step }) => step === n)
        .toSorted((a, b) => a.index - b.index)
        .map((call) => ({
          call_id: call.callId,
          tool: call.tool,
          input: JSON.parse(call.input) as unknown,
          // What was cut off when its task ended does not run any more.
          status: call.state !== "executing" ? call.state : row.endedAt === null ? "running" : "unknown",
          summary: call.summary ?? "",
          approval_id: call.approvalId,
          started_at: call.startedAt,
          ended_at: call.endedAt,
          ...(call.isUndone ? { undone: true as const } : {}),
        })),
    })),
  };
}
