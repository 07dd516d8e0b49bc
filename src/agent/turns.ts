import type { MessageView, TurnEnd, TurnEvent } from "../channels/events.ts";
import { UNATTENDED } from "../channels/message.ts";
import type { InboxRow } from "../db/object/inbox.ts";
import type { ContextMessage } from "../db/object/messages.ts";
import { scrubKeys } from "../secrets/key-shapes.ts";
import { fitSteps, type StoredStep, storedStep } from "./stored-step.ts";
import type { TurnRow } from "../db/object/turns.ts";
import { whereOf } from "../log.ts";
import type { Tier } from "../models/provider.ts";
import { z } from "zod";
import { endWithout } from "../tools/gate-deps.ts";
import { askModel } from "./ask.ts";
import { assemble } from "./assemble.ts";
import { roomFor } from "./context.ts";
import type { Window } from "./context-window.ts";
import type { AgentDeps, Image } from "./deps.ts";
import { imagesToShow } from "./images.ts";
import { needsDelivery } from "./needs-delivery.ts";
import { isOccasion } from "./occasion-routes.ts";
import type { Journal } from "./journal.ts";
import { journaledSteps } from "./journaled-steps.ts";
import { isSignal } from "./runs.ts";
import type { RecalledItem } from "./recalled.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { runTurn, type TurnResult, type TurnStep } from "./turn.ts";
import { joinSteps, TurnLog } from "./turn-log.ts";

const NO_VISION = "No model that sees pictures is chosen, so I can only see their names. Choose one for “vision” under Settings → Models.";
const NEEDS_MODEL =
  "To make a plan I need a language model, and none is connected. Connect one under Settings → Models, then ask again. Playbooks that are written down already can be run without: `/playbook` shows them.";
/** Logs of ended turns kept in memory. */
const KEPT_LOGS = 30;
/** Starts of one turn in a row that finish no step. A turn that ends its object every time must not do so for ever. */
const MAX_FRUITLESS = 6;

/** How a turn ended: by itself, or by a fault, with what it had done until then. */
type EndedTurn = Omit<TurnResult, "steps"> & { steps: readonly (TurnStep | StoredStep)[] };

/** The turns of one user: starts them from the queue, runs them, ends them. One at a time; the queue waits. */
export class Turns {
  readonly #logs = new Map<string, TurnLog>();
  readonly #waiting = new Set<() => void>();
  /** The newest answers by turn, for those who wait for them: they need not be looked for. */
  readonly #answers = new Map<string, string>();

  /** Changes of the conversation under way, during which nothing begins. */
  #held = 0;

  constructor(private readonly deps: AgentDeps) {}

  /** Nothing begins until what is returned is called. The caller drains then. */
  hold(): () => void {
    this.#held++;
    let held = true;
    return () => {
      if (held) this.#held--;
      held = false;
    };
  }

  conversationId(): string {
    const { settings, newId, now } = this.deps;
    const known = settings.read("conversation", z.string());
    if (known) return known;
    const made = newId();
    settings.write("conversation", made, now());
    return made;
  }

  /** The events of a turn that runs, or ended a moment ago. */
  log(turnId: string): TurnLog | null {
    return this.#logs.get(turnId) ?? null;
  }

  /** The answer of a turn that ended a moment ago. */
  answer(turnId: string): MessageView | null {
    const id = this.#answers.get(turnId);
    return id === undefined ? null : this.deps.messages.get(id);
  }

  /** What is kept in memory of turns that ended is not any more: words were taken out of what was said. */
  forgetEnded(): void {
    for (const [id, log] of this.#logs) if (log.ended) this.#logs.delete(id);
  }

  /** Resolves at the next start or end of any turn, or after `ms`. */
  async changed(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }

  announceChange(): void {
    for (const resolve of this.#waiting) resolve();
  }

  /**
   * Starts a turn for what waits, unless one runs. Neighbours in the queue that may be answered together are. Returns the running
   * turn's id.
   */
  async drain(): Promise<string | null> {
    const running = this.deps.turns.running().find((turn) => turn.kind === "chat");
    if (running) return running.id;
    if (this.deps.suspended() || this.#held > 0) return null;
    const next = burstOf(userFirst(this.deps.inbox.queued()));
    const [first] = next;
    if (!first) return null;
    const heldUntil = Math.max(...next.map((row) => row.holdUntil ?? 0));
    if (heldUntil > this.deps.now()) {
      this.deps.drainAt(heldUntil);
      return null;
    }
    const turnId = this.deps.transaction(() => this.#begin(first, next.slice(1)));
    this.deps.broadcast({ type: "turn", turn_id: turnId });
    this.deps.startRun(turnId);
    return turnId;
  }

  #begin(first: InboxRow, neighbours: InboxRow[]): string {
    const { inbox, messages, turns, outbox, settings, newId, now } = this.deps;
    const turnId = newId();
    const asked = [first, ...neighbours].map((row) => messages.get(row.id));
    const conversationId = asked[0]?.conversation_id ?? this.conversationId();
    // `/new` ends a burst too: a turn sees the messages of its own conversation only. What has no room beside the others waits for the next turn.
    const other = asked.findIndex((message) => message?.conversation_id !== conversationId);
    const together = asked.slice(0, other === -1 ? undefined : other).flatMap((message) => message ?? []);
    const burst = [first, ...neighbours].slice(0, Math.max(1, roomFor(together)));
    const last = burst.at(-1) ?? first;
    const tier: Tier = burst.findLast((row) => row.tier !== null)?.tier ?? settings.user().tier;
    turns.insert({ id: turnId, taskId: last.taskId ?? turnId, kind: "chat", conversationId, tier, input: null, startedAt: now() });
    for (const row of burst) {
      inbox.joinTurn(row.id, turnId);
      messages.joinTurn(row.id, turnId);
    }
    // Bursts share their target, so the last message's target is everybody's.
    if (needsDelivery(last.replyTo))
      outbox.insert({ id: newId(), turnId, messageId: null, target: last.replyTo, state: "live", createdAt: now() });
    return turnId;
  }

  /** The body of a turn. Starting it again is safe at any point. */
  async run(turnId: string, journal: Journal): Promise<void> {
    const turn = this.deps.turns.get(turnId);
    if (!turn || turn.status !== "running") return;
    const { attempt, fruitless } = this.deps.turns.startAttempt(turnId);
    const log = new TurnLog(turnId, attempt);
    this.#logs.get(turnId)?.abandon();
    this.#logs.set(turnId, log);
    if (fruitless > MAX_FRUITLESS) return this.#giveUp(turn, log);
    this.deps.openReplies(turnId);
    this.announceChange();
    log.follow(0, ({ seq, event }) => this.deps.broadcast({ type: "event", turn_id: turnId, seq, event }));
    const result = await this.#attempt(turn, journal, log);
    await this.#finish(turn, log, result);
  }

  async #giveUp(turn: TurnRow, log: TurnLog): Promise<void> {
    const message = "I was interrupted too often while answering this, so I stopped. Please ask again, perhaps for something smaller.";
    await this.#finish(turn, log, { status: "failed", steps: this.#doneSteps(turn.id), error: { code: "interrupted", message } });
  }

  /** What a turn that is ended from outside had said and done. What its tools did is done, and has to be known. */
  #doneSteps(turnId: string): StoredStep[] {
    const { calls, journal, now } = this.deps;
    const idOf = (callId: string): string => `${turnId}:${callId}`;
    const stateOf = (callId: string) => calls.get(idOf(callId))?.state ?? null;
    const steps = journaledSteps(journal(turnId), this.#logs.get(turnId)?.steps ?? [], stateOf);
    // Nobody will record how they end.
    for (const { callId, output, summary } of steps.flatMap((step) => step.calls))
      if (stateOf(callId) === "executing") calls.end(idOf(callId), endWithout("unknown", JSON.stringify(output), summary, now()));
    return steps;
  }

  async #attempt(turn: TurnRow, journal: Journal, log: TurnLog): Promise<EndedTurn> {
    try {
      const { deps } = this;
      const emit = (event: TurnEvent): void => {
        log.append(event);
        if (event.type === "text") deps.showProgress(turn.id, () => log.text);
      };
      // From the row, and not from what is kept in memory: a turn that starts again still only plans.
      const planning = deps.inbox.ofTurn(turn.id).some(({ mode }) => mode === "plan") ? (deps.planning ?? null) : null;
      if (planning?.onlyRules(turn.tier)) return { status: "done", steps: [{ text: NEEDS_MODEL, calls: [] }], error: null };
      const window = deps.window.of(turn.conversationId);
      const context = window.messages;
      const images = await this.#images(context, emit);
      const recalled = await this.#recall(turn, window);
      const { persona } = deps.settings.user();
      const skills = deps.knows.skills?.(turn.conversationId, context[0]?.seq ?? null) ?? { text: "", note: "" };
      const made = assemble({
        window,
        images,
        persona,
        profile: deps.knows.profile(),
        recalled,
        skills: skills.text,
        note: [...(planning === null ? [] : [planning.note()]), ...(skills.note === "" ? [] : [skills.note])].join("\n\n"),
        tools: deps.tools,
        timeZone: deps.settings.timeZone(),
      });
      // Steps that are in the journal were written with what was recalled then: a turn that starts again keeps its marks, whatever is recalled now.
      const before = deps.knows.recorded(turn.id);
      const tainted = made.tainted || before?.tainted === true;
      const suspicious =
        callsIn(context).some((call) => call.suspicious) ||
        recalled.some((item) => item.tainted && looksLikeOrders(item.text)) ||
        before?.suspicious === true;
      deps.knows.record({ turnId: turn.id, parts: made.parts, tainted, suspicious, at: deps.now() });
      const tier: Tier = images.size > 0 ? "vision" : turn.tier;
      return await runTurn(
        {
          turnId: turn.id,
          taskId: turn.taskId,
          conversationId: turn.conversationId,
          words: context.filter(({ role }) => role === "user").map(({ text }) => text),
          known: deps.knownDestinations(),
          given: callsIn(context).flatMap(({ links }) => links),
          suspicious,
          attended: deps.messages.ofTurn(turn.id).some(({ channel }) => !UNATTENDED.has(channel)),
          prompt: made.prompt,
          ...(planning === null ? {} : { planning: true }),
          tainted,
          saidAt: this.#saidAt(turn, context),
        },
        {
          journal,
          ask: askModel(deps.model({ tier, turnId: turn.id, onNotice: (message) => emit({ type: "notice", message }) })),
          tools: deps.tools,
          emit,
          modelName: () => deps.modelName(tier),
        },
      );
    } catch (error) {
      if (isSignal(error)) throw error;
      this.deps.log("turn_bug", { turn: turn.id, error: whereOf(error) }, "error");
      return {
        status: "failed",
        steps: this.#doneSteps(turn.id),
        error: { code: "internal", message: "Something went wrong on my side while answering. Please try again." },
      };
    }
  }

  /** From when "tomorrow" counts: what began by itself has a moment of its own; an approval goes on with what the user said before it. */
  #saidAt(turn: TurnRow, context: readonly ContextMessage[]): number {
    const begun = this.deps.messages.ofTurn(turn.id).find(({ role, channel }) => role === "notice" && channel === "agent");
    return begun?.created_at ?? context.findLast(({ role }) => role === "user")?.createdAt ?? turn.startedAt;
  }

  /** What fits what the user said; a turn that goes on after an approval goes by what they said before it. */
  async #recall(turn: TurnRow, { messages }: Window): Promise<RecalledItem[]> {
    const asked = this.deps.messages.ofTurn(turn.id).flatMap(({ role, text }) => (role === "user" ? [text] : []));
    const text = (asked.length > 0 ? asked : [messages.findLast(({ role }) => role === "user")?.text ?? ""]).join("\n").trim();
    if (text === "") return [];
    return this.deps.knows.recall({ text, conversationId: turn.conversationId, fromSeq: messages[0]?.seq ?? null });
  }

  /** The pictures that the model shall see. With no model that sees, they are only named, and the user is told why. */
  async #images(context: readonly ContextMessage[], emit: (event: TurnEvent) => void): Promise<Map<string, Image>> {
    const found = new Map<string, Image>();
    const wanted = imagesToShow(context);
    if (wanted.length > 0 && !this.deps.hasModel("vision")) {
      emit({ type: "notice", message: NO_VISION });
      return found;
    }
    for (const file of wanted) {
      const image = await this.deps.image(file.key);
      if (image) found.set(file.key, image);
    }
    return found;
  }

  /** Stores the answer, marks everything answered and hands the reply to the outbox, all in one transaction. */
  async #finish(turn: TurnRow, log: TurnLog, result: EndedTurn): Promise<void> {
    const texts = await this.deps.scrub(result.steps.map(({ text }) => text));
    const steps = result.steps.map((step, index) => ({ ...storedStep(step), text: texts[index] ?? "" }));
    const end = this.#store(turn, result.status, steps, joinSteps(steps.map((step) => step.text)), result.error);
    this.#close(log, end);
    await this.drain();
  }

  #store(turn: TurnRow, status: TurnEnd["status"], steps: StoredStep[], text: string, error: TurnEnd["error"]): TurnEnd | null {
    const { deps } = this;
    const { usage, model } = deps.usageOf(turn.id);
    const messageId = deps.newId();
    const stored = deps.transaction(() => {
      if (!deps.turns.end(turn.id, status, messageId, deps.now())) return null;
      deps.inbox.answered(turn.id);
      deps.outbox.finishTurn(turn.id, messageId, deps.now());
      const asked = deps.messages.ofTurn(turn.id);
      const context = deps.window.of(turn.conversationId).messages;
      // What is said after reading something may carry its wishes.
      const tainted =
        steps.some(({ calls }) => calls.some(({ untrusted }) => untrusted !== null)) ||
        context.some((message) => message.tainted) ||
        deps.knows.recorded(turn.id)?.tainted === true;
      deps.audit({
        kind: "turn",
        event: status,
        actor: "agent",
        channel: asked.at(-1)?.channel ?? null,
        turn_id: turn.id,
        subject: messageId,
        tainted,
        // What was asked, whole; all the rest of what it saw is in entries of its own.
        saw: [...asked.map(({ id, text: said }) => ({ id, text: said })), ...rangeOf(context)],
        output: text,
        cost_micro_usd: usage.cost_micro_usd,
        summary: `Answered${model === null ? "" : ` by ${model}`}`,
      });
      return deps.messages.insert({
        id: messageId,
        conversationId: turn.conversationId,
        role: "assistant",
        kind: "chat",
        channel: asked.at(-1)?.channel ?? "web",
        text,
        content: [],
        steps: fitSteps(steps),
        tainted,
        turnId: turn.id,
        externalId: null,
        status,
        error,
        model,
        usage,
        createdAt: deps.now(),
      });
    });
    if (!stored) return null;
    deps.turnEnded(turn.id);
    if (this.#answers.size > 50) this.#answers.clear();
    this.#answers.set(turn.id, stored.id);
    deps.broadcast({ type: "message", message: stored });
    return { type: "end", status, message_id: messageId, text, error, usage };
  }

  #close(log: TurnLog, end: TurnEnd | null): void {
    if (end && !log.ended) log.append(end);
    // Kept for a while: whoever asks for the events of a turn that was quick gets them all.
    if (this.#logs.size > KEPT_LOGS) for (const [id, old] of this.#logs) if (old.ended && id !== log.turnId) this.#logs.delete(id);
    this.announceChange();
    this.deps.deliver();
  }

  /** Stops a running turn at once and goes on with what waits. What it had said is kept; what it was doing is aborted. */
  async cancel(turnId: string): Promise<boolean> {
    const stopped = this.stop(turnId);
    if (stopped) await this.drain();
    return stopped;
  }

  /** Stops a running turn and starts nothing: the caller changes the queue or the conversation first, then drains. */
  stop(turnId: string): boolean {
    const turn = this.deps.turns.get(turnId);
    if (!turn || turn.status !== "running") return false;
    const log = this.#logs.get(turnId) ?? new TurnLog(turnId, turn.attempt + 1);
    const steps = this.#doneSteps(turnId);
    // First, so that what the call under way has used is known.
    this.deps.cancelRun(turnId);
    const clean = steps.map((step) => ({ ...step, text: scrubKeys(step.text) }));
    const end = this.#store(turn, "cancelled", clean, joinSteps(clean.map((step) => step.text)), null);
    this.deps.withdraw(turnId);
    this.#close(log, end);
    return end !== null;
  }
}

/** A person does not wait behind what began by itself. Within each kind the order stays. */
const userFirst = (queued: readonly InboxRow[]): InboxRow[] => [
  ...queued.filter(({ route }) => !isOccasion(route)),
  ...queued.filter(({ route }) => isOccasion(route)),
];

/** The head of the queue and the neighbours that may be answered with it. */
export function burstOf(queued: readonly InboxRow[]): InboxRow[] {
  const first = queued[0];
  if (!first) return [];
  if (first.coalesceKey === null) return [first];
  const end = queued.findIndex((row) => row.coalesceKey !== first.coalesceKey);
  return queued.slice(0, end === -1 ? undefined : end);
}

/** What the tools of a conversation answered. */
const callsIn = (context: readonly ContextMessage[]): StoredStep["calls"] =>
  context.flatMap(({ steps }) => steps.flatMap(({ calls }) => calls));

/** Everything that was in the context, as one reference. */
const rangeOf = (context: readonly ContextMessage[]): { id: string; text: string }[] =>
  context.length === 0
    ? []
    : [{ id: `context:${context[0]?.id ?? ""}..${context.at(-1)?.id ?? ""}`, text: context.map(({ id }) => id).join("\n") }];
