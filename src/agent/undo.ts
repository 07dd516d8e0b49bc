import type { ServerFrame } from "../channels/socket-protocol.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { ToolCallStore, UndoableCall } from "../db/object/tool-calls.ts";
import { MargayError } from "../errors.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";

/** A change that can be taken back, as it is listed. */
export interface Undoable {
  /** Of the call. */
  id: string;
  tool: string;
  /** One line: what was done. */
  summary: string;
  /** UTC milliseconds. */
  at: number;
}

export interface UndoDeps {
  calls: ToolCallStore;
  tools: readonly CompiledTool[];
  messages: Pick<MessageStore, "ofTurn">;
  broadcast(frame: ServerFrame): void;
  /** Shows a task as it is now, if one has this id. */
  showTask(id: string): void;
}

/** How many changes are listed at most. */
const LISTED = 20;

/** Takes back what tools changed, by the receipts that they left. */
export class Undo {
  constructor(private readonly deps: UndoDeps) {}

  /** Newest first. */
  list(): Undoable[] {
    return this.deps.calls
      .undoable(LISTED)
      .filter((call) => this.#toolOf(call) !== null)
      .map(listed);
  }

  /** Takes one change back: the last, or the one of that id. Throws `not_found` when there is none, `conflict` when it cannot be taken back any more. */
  async undo(id: string | null): Promise<Undoable & { result: string }> {
    const call =
      id === null ? this.deps.calls.undoable(LISTED).find((one) => this.#toolOf(one) !== null) : this.deps.calls.undoableCall(id);
    const tool = call === undefined || call === null ? null : this.#toolOf(call);
    if (!call || tool === null)
      throw new MargayError("not_found", id === null ? "There is nothing to take back." : "That cannot be taken back, or was already.");
    const outcome = await tool({ callId: call.id, receipt: JSON.parse(call.receipt), signal: new AbortController().signal });
    if (outcome.status !== "done") throw new MargayError("conflict", `It could not be taken back: ${outcome.summary}`);
    this.#show(call.id);
    return { ...listed(call), result: outcome.summary };
  }

  /** Takes back everything a turn wrote, newest first, as when its question is asked again. What cannot be stays. */
  async undoTurn(turnId: string): Promise<number> {
    let undone = 0;
    for (const call of this.deps.calls.undoableOf(turnId)) {
      const tool = this.#toolOf(call);
      const outcome = await tool?.({ callId: call.id, receipt: JSON.parse(call.receipt), signal: new AbortController().signal });
      if (outcome?.status === "done") undone++;
    }
    return undone;
  }

  /** Every page that shows the call shows that it was taken back. */
  #show(callId: string): void {
    const turnId = callId.split(":")[0] ?? "";
    this.deps.showTask(turnId);
    for (const message of this.deps.messages.ofTurn(turnId))
      if (message.tool_calls.some(({ undone }) => undone)) this.deps.broadcast({ type: "message", message });
  }

  #toolOf({ tool }: UndoableCall): CompiledTool["undo"] {
    return this.deps.tools.find(({ name }) => name === tool)?.undo ?? null;
  }
}

const listed = ({ id, tool, summary, endedAt }: UndoableCall): Undoable => ({ id, tool, summary, at: endedAt });
