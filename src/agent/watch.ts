import type { MessageView } from "../channels/events.ts";
import { fail, ok, type Result } from "../errors.ts";
import { asksText } from "./approval-words.ts";
import { type AgentDeps, ZERO_USAGE } from "./deps.ts";
import { fileNotes } from "./kept-files.ts";
import type { InboxRow } from "../db/object/inbox.ts";
import type { NumberedEvent, TurnLog } from "./turn-log.ts";
import type { Turns } from "./turns.ts";
import type { Outcome } from "./shapes.ts";

/** The longest one call may wait for an answer, milliseconds. */
export const MAX_WAIT_MS = 120_000;

/** How messages were or are being answered, for callers that wait or watch. */
export class Watch {
  constructor(
    private readonly deps: AgentDeps,
    private readonly turns: Turns,
  ) {}

  /** The outcome of a message; waits up to `waitMs` for its end. */
  async outcome(messageId: string, waitMs: number): Promise<Result<Outcome>> {
    const deadline = this.deps.now() + Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
    for (;;) {
      const row = this.deps.inbox.get(messageId);
      if (!row) return fail("not_found", "There is no such message.");
      const left = deadline - this.deps.now();
      const waiting = row.state === "queued" || row.state === "command" || row.state === "turn";
      if (!waiting || left <= 0) return ok(this.#of(row));
      // While its own turn runs nothing else is of interest; until then any start or end may be its turn's.
      const log = row.turnId === null ? null : this.turns.log(row.turnId);
      if (log) await within(log.done, left);
      else await this.turns.changed(left);
    }
  }

  #of(row: InboxRow): Outcome {
    const base = {
      message_id: row.id,
      turn_id: row.turnId,
      reply_message_id: null,
      actions: [],
      approvals: [],
      error: null,
      usage: ZERO_USAGE,
      model: null,
      plan: null,
      notes: fileNotes(this.deps.messages.get(row.id)?.content ?? []),
      reply: "",
    };
    if (row.state === "dropped") return { ...base, status: "cancelled" };
    if (row.state === "queued") return { ...base, status: "queued" };
    const turnId = row.turnId;
    const reply =
      turnId === null
        ? null
        : (this.turns.answer(turnId) ?? this.deps.messages.ofTurn(turnId).findLast((message) => message.role === "assistant"));
    if (reply) {
      const said = answered(reply);
      const { plan_id: planId } = reply;
      const plan = planId === null ? null : (this.deps.planning?.find(planId) ?? null);
      const steps = planId === null ? "" : (this.deps.planning?.text(planId) ?? "");
      const outcome = { ...said, plan, reply: [said.reply, steps].filter((part) => part !== "").join("\n\n") };
      if (outcome.status !== "waiting_approval") return { ...base, ...outcome };
      // Whoever only reads the text knows what is asked, and how to answer.
      const asks = asksText(this.deps.waitingOf(turnId ?? ""));
      return { ...base, ...outcome, reply: [outcome.reply, asks].filter((part) => part !== "").join("\n\n") };
    }
    // An edit of an old message is taken and has no answer of its own.
    if (row.state === "answered") return { ...base, status: "done" };
    return { ...base, status: "running", reply: turnId === null ? "" : (this.turns.log(turnId)?.text ?? "") };
  }

  /**
   * Gives the events of the turn that answers a message to `send`, waiting for the turn when the message is queued, until its end or until `signal`
   * aborts. A message answered before gives one `end`.
   */
  async follow(messageId: string, from: number, send: (event: NumberedEvent) => void, signal: AbortSignal): Promise<Result<null>> {
    let next = from;
    for (;;) {
      const row = this.deps.inbox.get(messageId);
      if (!row) return fail("not_found", "There is no such message.");
      const outcome = this.#of(row);
      const log = outcome.turn_id === null ? null : this.turns.log(outcome.turn_id);
      if (log) {
        next = await this.#tail(log, next, (event) => send(this.#whole(messageId, event)), signal);
        if (log.ended || signal.aborted) return ok(null);
        continue;
      }
      if (outcome.status !== "queued" && outcome.status !== "running") {
        send({ seq: Number.MAX_SAFE_INTEGER, event: endOf(outcome) });
        return ok(null);
      }
      if (signal.aborted) return ok(null);
      // Queued, or the object has just started and its turn has not: the next change may make a log.
      await this.turns.changed(1_000);
    }
  }

  /** The end with everything that whoever only reads it needs: what is asked, how to answer, and the steps of a plan. */
  #whole(messageId: string, { seq, event }: NumberedEvent): NumberedEvent {
    const row = event.type === "end" ? this.deps.inbox.get(messageId) : null;
    if (event.type !== "end" || row === null) return { seq, event };
    const { status, plan, reply } = this.#of(row);
    return { seq, event: status === "waiting_approval" || plan !== null ? { ...event, text: reply } : event };
  }

  /** Sends one attempt's events until its end or its abandonment. Returns the next number. */
  async #tail(log: TurnLog, from: number, send: (event: NumberedEvent) => void, signal: AbortSignal): Promise<number> {
    let next = from;
    const stop = log.follow(from, (numbered) => {
      next = numbered.seq + 1;
      send(numbered);
    });
    await Promise.race([log.done, new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))]);
    stop();
    return next;
  }
}

/** Waits for `done`, at most `ms`. Leaves no timer behind, which would keep the object awake. */
async function within(done: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([done, new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

/** What a person reads of an answer: its text, and the sentence of what went wrong, if anything did. */
export const replyText = (message: Pick<MessageView, "text" | "error">): string =>
  [message.text, message.error?.message ?? ""].filter((part) => part !== "").join("\n\n");

function answered(
  reply: MessageView,
): Pick<Outcome, "status" | "reply" | "reply_message_id" | "actions" | "approvals" | "error" | "usage" | "model"> {
  const waits = reply.tool_calls.some(({ status }) => status === "waiting");
  return {
    status: waits && reply.status === "done" ? "waiting_approval" : reply.status,
    reply: replyText(reply),
    reply_message_id: reply.id,
    actions: reply.tool_calls.map((call) => ({
      type: call.tool,
      status: call.status === "running" ? "failed" : call.status,
      summary: call.summary,
    })),
    approvals: reply.tool_calls.flatMap(({ approval_id, status }) => (approval_id !== null && status === "waiting" ? [approval_id] : [])),
    error: reply.error,
    usage: reply.usage ?? ZERO_USAGE,
    model: reply.model,
  };
}

function endOf(outcome: Outcome): NumberedEvent["event"] {
  const status = outcome.status === "failed" || outcome.status === "cancelled" ? outcome.status : "done";
  return { type: "end", status, message_id: outcome.reply_message_id, text: outcome.reply, error: outcome.error, usage: outcome.usage };
}
