import type { ApprovalRow } from "../db/object/approvals.ts";
import { whereOf } from "../log.ts";
import { toolTitle } from "../permission/tool-title.ts";
import { plainOutcome, type ToolOutcome } from "../tools/compiled-tool.ts";
import type { ApprovalDeps } from "./approval-deps.ts";

/** Approved calls that run now: what the person who said yes can stop again, and what ends with the task or the step that asked. */
export class ApprovedRuns {
  readonly #running = new Map<string, { controller: AbortController; asker: string | null }>();

  constructor(private readonly deps: Pick<ApprovalDeps, "tools" | "tasks" | "userId" | "log">) {}

  /** Runs what a person said yes to. `progress` gets each line that it prints. `lose`: it broke off, and nobody knows what it did; `stop`: so too, since it was stopped. */
  async run(row: ApprovalRow, progress: (line: string) => void): Promise<ToolOutcome | "lose" | "stop"> {
    const { deps } = this;
    const tool = deps.tools().find(({ name }) => name === row.tool);
    const gone = `There is no “${toolTitle(row.tool)}” any more.`;
    if (tool === undefined) return plainOutcome("failed", { error: gone }, gone);
    const controller = new AbortController();
    const { signal } = controller;
    // The task or the step of a plan that asked; null: it was asked in a conversation.
    const asker = deps.tasks.nameOf(row.turnId ?? "") === null ? null : row.turnId;
    this.#running.set(row.id, { controller, asker });
    try {
      return await tool.approved({
        approvalId: row.id,
        callId: row.callId,
        turnId: row.turnId,
        conversationId: row.conversationId,
        tool: row.tool,
        version: row.version,
        input: row.input,
        inputHash: row.inputHash,
        userId: deps.userId,
        tainted: row.tainted,
        profile: row.profile,
        saidAt: row.saidAt,
        progress,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) deps.log("approved_call_bug", { tool: row.tool, error: whereOf(error) }, "error");
      return signal.aborted ? "stop" : "lose";
    } finally {
      this.#running.delete(row.id);
    }
  }

  /** Stops those of a task or a step, or (null) of conversations; gives how many. */
  stop(asker: string | null = null): number {
    const mine = [...this.#running.values()].filter((run) => run.asker === asker && !run.controller.signal.aborted);
    for (const { controller } of mine) controller.abort();
    return mine.length;
  }
}
