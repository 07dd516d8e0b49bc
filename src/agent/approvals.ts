import type { ApprovalRow, ApprovalStore } from "../db/object/approvals.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import { fail, ok, type Result } from "../errors.ts";
import { whereOf } from "../log.ts";
import { expiryOf } from "../permission/approval.ts";
import { scrubKeys } from "../secrets/key-shapes.ts";
import { type CompiledTool, plainOutcome, type ToolOutcome } from "../tools/compiled-tool.ts";
import type { Standing } from "../tools/tool.ts";
import { endWithout, type ParkRequest } from "../tools/gate-deps.ts";
import type { ApprovalAnswer, ApprovalView } from "../channels/approval-view.ts";
import type { ApprovalDeps } from "./approval-deps.ts";
import { approvalView, coversOf, grantLabel } from "./approval-view.ts";
import type { ApprovalPage } from "./user-agent-api.ts";
import type { ApprovalQuery } from "./shapes.ts";
import { ASK_FIRST, ENDS, settledText } from "./approval-words.ts";
import { ApprovedRuns } from "./approved-runs.ts";
import { Continuations } from "./continuations.ts";

/** A permission "for this task" ends with the task, and at the latest after this. */
const TASK_GRANT_MS = 24 * 3_600_000;

/** What a person answers. */
export interface Answer {
  answer: ApprovalAnswer;
  /** The user's word to the agent about it. */
  note?: string | undefined;
}

/**
 * Calls that wait for a person: keeps them, takes the answer from whatever channel is first, runs what was approved exactly once, and tells the agent how it ended.
 */
export class Approvals {
  readonly #continuations: Continuations;
  /** What was approved and runs. */
  readonly runs: ApprovedRuns;

  constructor(private readonly deps: ApprovalDeps) {
    this.#continuations = new Continuations(deps);
    this.runs = new ApprovedRuns(deps);
  }

  /** Keeps a call until a person answers. Called by the gate, in its transaction. Gives the approval's id. */
  park(request: ParkRequest): string {
    const { deps } = this;
    const { call } = request;
    const now = deps.now();
    const id = deps.newId();
    const asker = call.turnId === null ? null : deps.tasks.nameOf(call.turnId);
    deps.approvals.insert({
      id,
      callId: call.id,
      turnId: call.turnId,
      taskId: call.taskId,
      conversationId: call.conversationId,
      ...(call.turnId === null ? { channel: "web", replyTo: { channel: "web" } } : deps.originOf(call.turnId)),
      tool: request.tool,
      version: request.version,
      effect: request.effect,
      input: request.input,
      inputHash: request.inputHash,
      destinations: [...request.destinations],
      description: request.description,
      reason: asker === null ? request.reason : `${asker} asks. ${request.reason}`,
      suspicious: call.suspicious,
      tainted: call.tainted,
      unattended: call.origin === "unattended",
      profile: call.profile === null ? null : [...call.profile],
      saidAt: call.saidAt,
      createdAt: now,
      expiresAt: now + expiryOf(request.effect, deps.expiryMinutes()),
    });
    const row = this.#row(id);
    this.#audit(row, "asked", "agent", request.reason);
    // The card of a turn that somebody waits for comes after its answer.
    if (call.origin !== "attended") this.#card(row);
    deps.background(this.#plan());
    this.#show(row);
    return id;
  }

  /** Takes an answer. Of several that come, on one channel or on more, the first counts; the others are told what it was. */
  answer(id: string, { answer, note }: Answer, channel: string): Result<ApprovalView> {
    const { deps } = this;
    const row = deps.approvals.get(id);
    if (row === null) return fail("not_found", "There is no such approval.");
    if (row.state === "pending" && row.expiresAt <= deps.now()) this.#end(row, "expire");
    const current = this.#row(id);
    if (current.state !== "pending") return fail("conflict", `This was settled already: ${settledText(current)}`);
    const given = {
      answeredAt: deps.now(),
      answeredOn: channel,
      ...(note === undefined || note.trim() === "" ? {} : { note: scrubKeys(note.trim()) }),
    };
    if (answer === "deny") {
      this.#end(current, "deny", given);
      return ok(this.#view(this.#row(id)));
    }
    // For which task nobody knows, and what is asked about each time: then it is this call.
    const once = (answer === "task" && current.taskId === null) || this.#standing(current) === "never";
    const scope = once ? "once" : answer;
    deps.transaction(() => {
      const grantId = scope === "once" ? null : this.#grant(current, scope, channel);
      if (!deps.approvals.happens(id, "approve", { ...given, scope, grantId }))
        throw new Error("an approval changed within one transaction");
      this.#audit(
        this.#row(id),
        "approved",
        "user",
        `${scope === "once" ? "Once" : scope === "task" ? "For this task" : "Always"}.`,
        channel,
      );
    });
    deps.background(this.#run(id));
    const approved = this.#row(id);
    this.#show(approved);
    return ok(this.#view(approved));
  }

  /** Waiting ones, oldest first. */
  pending(): ApprovalView[] {
    return this.deps.approvals.pending().map((row) => this.#view(row));
  }

  get(id: string): ApprovalView | null {
    const row = this.deps.approvals.get(id);
    return row && this.#view(row);
  }

  /** By its short number; null: there is none. */
  numbered(number: number): ApprovalView | null {
    const row = this.deps.approvals.bySeq(number);
    return row && this.#view(row);
  }

  /** Those of a turn that wait. */
  waitingOf(turnId: string): ApprovalView[] {
    return this.deps.approvals
      .ofTurn(turnId)
      .filter(({ state }) => state === "pending")
      .map((row) => this.#view(row));
  }

  /** Waiting ones, or those that run too, oldest first, or all, newest first. */
  list({ state, limit, before }: ApprovalQuery): ApprovalPage {
    if (state === "pending") return { approvals: this.pending().slice(0, limit), next_before: null };
    if (state === "open")
      return {
        approvals: this.deps.approvals
          .open()
          .slice(0, limit)
          .map((row) => this.#view(row)),
        next_before: null,
      };
    const rows = this.deps.approvals.page(limit + 1, before ?? null);
    const shown = rows.slice(0, limit);
    return { approvals: shown.map((row) => this.#view(row)), next_before: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null };
  }

  /** What waited too long is a no. */
  async expire(): Promise<void> {
    const { approvals, now } = this.deps;
    for (const row of approvals.pending()) if (row.expiresAt <= now()) this.#safely(row.id, () => this.#end(row, "expire"));
    await this.#plan();
  }

  /** At start: what was approved and did not begin runs now; what was running when the object ended is told, and not repeated. */
  recover(): void {
    for (const row of this.deps.approvals.open()) {
      if (row.state === "approved") this.deps.background(this.#run(row.id));
      if (row.state === "executing") this.#safely(row.id, () => this.#end(row, "lose"));
    }
    for (const turnId of this.deps.approvals.untold()) this.#safely(turnId, () => this.#continuations.goOn(turnId));
    this.deps.background(this.deps.drain());
  }

  /** A turn has ended and its answer is stored: its cards follow, and what was settled while it ran is told. The caller starts what waits. */
  turnEnded(turnId: string): void {
    const { deps } = this;
    // Cheap for nearly every turn: it asked nothing.
    if (!deps.approvals.asked(turnId)) return;
    this.#safely(turnId, () => this.#continuations.goOn(turnId));
    for (const row of deps.approvals.ofTurn(turnId)) if (row.state === "pending" && !row.unattended) this.#card(row);
    deps.deliver();
  }

  /** The question of a turn is asked again, or was stopped, or a task is over: what it asked is not asked any more, and nobody is told how that ended. What runs for a task or a step of a plan ends with it. */
  withdraw(turnId: string): void {
    const { deps } = this;
    if (!deps.approvals.asked(turnId)) return;
    deps.transaction(() => {
      deps.approvals.told(turnId);
      for (const row of deps.approvals.ofTurn(turnId)) if (row.state === "pending") this.#end(row, "withdraw");
    });
    this.runs.stop(turnId);
  }

  /** One that cannot be dealt with must not keep the agent from everything else. */
  #safely(about: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.deps.log("approval_bug", { about, error: whereOf(error) }, "error");
    }
  }

  /** Runs what was approved. Never more than once: only one caller gets it from `approved` to `executing`. */
  async #run(id: string): Promise<void> {
    const { deps } = this;
    if (!deps.approvals.happens(id, "begin")) return;
    const row = this.#row(id);
    this.#show(row);
    const running = this.runs.run(row, (line) => this.#printed(row, line));
    deps.tasks.resumed(row.turnId ?? "");
    const outcome = await running;
    if (outcome === "lose" || outcome === "stop") return this.#end(row, outcome);
    this.#end(row, outcome.status === "done" ? "succeed" : "fail", {}, outcome);
  }

  /** What an approved call prints is shown where it was approved, and with the task that asked. Nothing keeps it. */
  #printed(row: ApprovalRow, line: string): void {
    this.deps.broadcast({ type: "approval", approval: { ...this.#view(row), progress: line } });
    this.deps.tasks.printed(row.turnId ?? "", line);
  }

  /** Lets an approval end, and everybody know. */
  #end(
    row: ApprovalRow,
    event: "deny" | "withdraw" | "expire" | "succeed" | "fail" | "lose" | "stop",
    given: Parameters<ApprovalStore["happens"]>[2] = {},
    outcome: ToolOutcome = plainOutcome("denied", { denied: ENDS[event] }, ENDS[event]),
  ): void {
    const { deps } = this;
    const summary = event === "succeed" || event === "fail" ? outcome.summary : ENDS[event];
    const ended = deps.transaction(() => {
      if (event !== "succeed" && event !== "fail") this.#recordEnd(row, event);
      if (!deps.approvals.happens(row.id, event === "stop" ? "lose" : event, { ...given, outcome: summary, endedAt: deps.now() }))
        return null;
      const now = this.#row(row.id);
      const by =
        event === "deny" || event === "withdraw" || event === "stop" ? "user" : event === "expire" || event === "lose" ? "system" : "agent";
      this.#audit(
        now,
        // Nobody said no.
        event === "withdraw" ? "cancelled" : now.state,
        by,
        now.note === null || event !== "deny" ? summary : `${summary} ${now.note}`,
        now.answeredOn ?? undefined,
      );
      return now;
    });
    if (ended === null) return;
    this.#continuations.settleCall(ended);
    for (const card of deps.outbox.cardsOf(row.id)) deps.outbox.again(card.id, deps.now());
    this.#show(ended);
    deps.deliver();
    this.#continuations.goOn(ended.turnId ?? ended.id);
    deps.background(deps.drain());
  }

  /** A call that was not run, or was lost while it ran, ends in the record of calls too. */
  #recordEnd(row: ApprovalRow, event: "deny" | "withdraw" | "expire" | "lose" | "stop"): void {
    const began = event === "lose" || event === "stop";
    const output = JSON.stringify(began ? { error: `${ENDS[event]} ${ASK_FIRST}` } : { denied: ENDS[event] });
    const state = began ? "unknown" : "denied";
    this.deps.calls.end(row.callId, endWithout(state, output, ENDS[event], this.deps.now()));
  }

  #grant(row: ApprovalRow, scope: "task" | "always", channel: string): string {
    const { deps } = this;
    const now = deps.now();
    const standing = this.#standing(row);
    const grant = deps.configuration.grant(
      {
        id: deps.newId(),
        tool: row.tool,
        version: row.version,
        covers: coversOf(row, standing),
        taskId: scope === "task" ? row.taskId : null,
        label: grantLabel(row, standing),
        approvalId: row.id,
        createdAt: now,
        expiresAt: scope === "task" ? now + TASK_GRANT_MS : null,
      },
      { author: "user", channel },
    );
    return grant.id;
  }

  /** Puts a card into the outbox where the channel that asked, or else a private chat, can show one. */
  #card(row: ApprovalRow): void {
    const { outbox, now, newId, pushTarget } = this.deps;
    const target = row.replyTo.channel === "telegram" ? row.replyTo : row.channel === "web" ? null : pushTarget();
    if (target === null || outbox.cardsOf(row.id).length > 0) return;
    outbox.insert({ id: newId(), turnId: null, messageId: null, approvalId: row.id, target, state: "pending", createdAt: now() });
  }

  #view(row: ApprovalRow): ApprovalView {
    const shows = row.state === "pending" ? this.#toolOf(row)?.showsOf?.(JSON.parse(row.input)) : undefined;
    return approvalView(row, this.#standing(row), shows);
  }

  #toolOf({ tool }: ApprovalRow): CompiledTool | undefined {
    return this.deps.tools().find(({ name }) => name === tool);
  }

  /** Of a tool that is not there any more nobody knows. */
  #standing(row: ApprovalRow): Standing {
    const known = this.#toolOf(row);
    return known === undefined ? "never" : (known.standing?.(JSON.parse(row.input)) ?? "place");
  }

  async #plan(): Promise<void> {
    const times = this.deps.approvals.pending().map(({ expiresAt }) => expiresAt);
    if (times.length > 0) await this.deps.wakeAt(Math.min(...times));
  }

  #show(row: ApprovalRow): void {
    this.deps.broadcast({ type: "approval", approval: this.#view(row) });
  }

  #audit(row: ApprovalRow, event: string, actor: NewAuditEntry["actor"], reason: string, channel: string = row.channel): void {
    this.deps.audit({
      kind: "approval",
      event,
      actor,
      channel,
      turn_id: row.turnId,
      subject: row.id,
      tool: row.tool,
      effect: row.effect,
      reason,
      basis: row.grantId,
      destinations: row.destinations.map(({ text }) => text),
      tainted: row.tainted,
      input: row.input,
      summary: row.description,
    });
  }

  #row(id: string): ApprovalRow {
    const row = this.deps.approvals.get(id);
    if (row === null) throw new Error("an approval that was just read is not there");
    return row;
  }
}
