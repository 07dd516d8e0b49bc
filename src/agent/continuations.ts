import type { ApprovalRow } from "../db/object/approvals.ts";
import { isSettled } from "../permission/approval.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { sentence } from "./approval-words.ts";
import type { ApprovalDeps } from "./approval-deps.ts";
import { resultText } from "./prompt.ts";

/** How a turn that asked goes on: what became of its calls goes into its place in the conversation, and the agent is told. */
export class Continuations {
  constructor(
    private readonly deps: Pick<
      ApprovalDeps,
      | "approvals"
      | "tasks"
      | "isRunning"
      | "transaction"
      | "newId"
      | "inbox"
      | "messages"
      | "conversationId"
      | "calls"
      | "broadcast"
      | "now"
    >,
  ) {}

  /** When nothing of a turn waits any more and it has ended, the agent hears how everything ended and goes on: as a message that is answered like any other. */
  goOn(turnId: string): void {
    const { deps } = this;
    const asked = deps.approvals.ofTurn(turnId);
    if (asked.some(({ state }) => !isSettled(state)) || deps.isRunning(turnId)) return;
    // A task in the background reads by itself what became of its calls.
    if (asked.length > 0 && deps.tasks.settled(turnId)) return void deps.approvals.told(turnId);
    const notice = deps.transaction(() => {
      const untold = new Set(deps.approvals.told(turnId));
      const all = asked.filter(({ id: one }) => untold.has(one));
      const [first] = all;
      if (first === undefined) return null;
      const id = deps.newId();
      const ends = all.map((row) => ({ said: sentence(row), result: this.#result(row) }));
      deps.inbox.insert({
        id,
        route: ROUTE,
        // A turn without a row of its own may ask again after it was told: each time is one.
        key: first.id,
        bodyHash: "",
        replyTo: first.replyTo.channel === "webhook" ? { channel: "web" } : first.replyTo,
        coalesceKey: null,
        tier: null,
        state: "queued",
        turnId: null,
        holdUntil: null,
        taskId: first.taskId,
        receivedAt: deps.now(),
        // What only plans still only plans when it goes on.
        mode: deps.inbox.ofTurn(turnId).some(({ mode }) => mode === "plan") ? "plan" : null,
      });
      return deps.messages.insert({
        id,
        conversationId: first.conversationId ?? deps.conversationId(),
        role: "notice",
        kind: "chat",
        channel: first.channel,
        text: ends.flatMap(({ said, result }) => (result === null ? [said] : [said, result.text])).join("\n"),
        content: [],
        steps: [],
        // What was read may be too long to stay in the context; that it was read stays.
        tainted: ends.some(({ result }) => result?.tainted === true) || all.some((row) => row.tainted || this.#readOutside(row)),
        turnId: null,
        externalId: null,
        status: "queued",
        error: null,
        model: null,
        usage: null,
        createdAt: deps.now(),
      });
    });
    if (notice !== null) deps.broadcast({ type: "message", message: notice });
  }

  /** What a call was and answered, where it does not stand in the conversation: its run left nothing there, or a program made it. */
  #result(row: ApprovalRow): { text: string; tainted: boolean } | null {
    if (this.settleCall(row)) return null;
    const call = this.deps.calls.get(row.callId);
    if (call === null || call.output === null) return null;
    const output = { call: row.description, result: JSON.parse(call.output) as unknown };
    // What the call was may be the words of what was read before.
    const untrusted = call.untrusted ?? (row.tainted ? "a call that was made where content from outside was read" : null);
    return { text: resultText({ output, untrusted }), tainted: untrusted !== null };
  }

  #readOutside({ callId }: ApprovalRow): boolean {
    return (this.deps.calls.get(callId)?.untrusted ?? null) !== null;
  }

  /** The placeholder in the history becomes what really happened. False: it is not there, or not yet. */
  settleCall(row: ApprovalRow): boolean {
    const { calls, messages, broadcast } = this.deps;
    const call = calls.get(row.callId);
    const output: unknown = JSON.parse(call?.output ?? "null");
    const message = messages.settleCall(row.turnId ?? "", callInTurn(row), {
      status: call?.state === "done" || call?.state === "denied" ? call.state : "failed",
      output: row.note === null || row.state !== "denied" ? output : { ...Object(output), the_user_says: row.note },
      summary: call?.summary ?? "",
      untrusted: call?.untrusted ?? null,
      suspicious: call !== null && call.untrusted !== null && looksLikeOrders(call.output ?? ""),
      links: [...(call?.links ?? [])],
    });
    if (message === null) return false;
    broadcast({ type: "message", message });
    return true;
  }
}

const ROUTE = "approval";

/** The call's own number in its turn. */
const callInTurn = ({ callId, turnId }: ApprovalRow): string => callId.slice((turnId ?? "").length + 1);
