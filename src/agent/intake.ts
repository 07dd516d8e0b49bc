import type { MessageView } from "../channels/events.ts";
import { type ContentItem, InboundMessage } from "../channels/message.ts";
import { isTimeZone } from "../dates/zone.ts";
import type { InboxState } from "../db/object/inbox.ts";
import type { StoredMessage } from "../db/object/messages.ts";
import { fail, ok, type Result } from "../errors.ts";
import type { AgentDeps } from "./deps.ts";
import { fileNotes, withPlaces } from "./kept-files.ts";
import { needsDelivery } from "./needs-delivery.ts";
import { OCCASION_ROUTES } from "./occasion-routes.ts";
import { offerText } from "./pasted.ts";
import type { QuickReplies } from "./quick-replies.ts";
import { isPlanGoal } from "../plans/plan-goal.ts";
import type { Turns } from "./turns.ts";
import type { Receipt } from "./shapes.ts";

/** More of what was sent than this waits nowhere: the sender is told to wait. */
export const MAX_QUEUED = 200;

/** Takes messages in: once each, whatever the channel does, and durable before anybody is told so. */
export class Intake {
  constructor(
    private readonly deps: AgentDeps,
    private readonly turns: Turns,
    private readonly quick: QuickReplies,
  ) {}

  /**
   * Stores a message once and starts or queues its turn. `insteadOf` is a message of the user that this one takes the place of (edit and resend, another
   * answer): that one and everything after it leave the context. One that still waits gets the new text.
   */
  async receive(input: InboundMessage, insteadOf?: string): Promise<Result<Receipt>> {
    const parsed = InboundMessage.safeParse(input);
    if (!parsed.success) return fail("invalid_request", parsed.error.issues[0]?.message ?? "The message is not valid.");
    // A repeat is known by its key, whatever it holds; a new message loses its secrets before anything keeps it.
    const repeated = this.deps.inbox.find(parsed.data.route, parsed.data.key) !== null;
    const { message, held } = repeated ? { message: parsed.data, held: [] } : await this.deps.takeSecrets(parsed.data);
    const result = await this.#take(message, insteadOf);
    if (held.length > 0 && result.ok && !result.value.duplicate) this.quick.note(result.value.messageId, message.replyTo, offerText(held));
    if (!result.ok || !message.content.some(({ kind }) => kind === "file")) return result;
    return ok(withNotes(result.value, this.deps.messages.get(result.value.messageId)?.content ?? []));
  }

  async #take(message: InboundMessage, insteadOf?: string): Promise<Result<Receipt>> {
    const { inbox } = this.deps;
    const known = inbox.find(message.route, message.key);
    if (known) {
      if (known.bodyHash !== message.bodyHash)
        return fail("idempotency_conflict", "This idempotency key was used before with another request.");
      // A crash may have come between storing and starting.
      if (known.state === "queued") await this.turns.drain();
      return ok({ messageId: known.id, turnId: inbox.get(known.id)?.turnId ?? null, duplicate: true });
    }
    const edited = message.replaces === undefined ? null : this.#edited(message, message.replaces);
    if (edited && isSame(edited, message)) return ok(this.#same(message, edited));
    if (message.answer !== undefined) return ok(this.#answered(message, message.answer));
    const planning = this.#planning(message, insteadOf);
    if (planning !== null) return this.#asked(planning, edited, insteadOf);
    const command = this.quick.commandOf(message);
    if (command) {
      const messageId = this.#store(message, "command");
      await this.quick.answerCommand(messageId, command);
      return ok({ messageId, turnId: messageId, duplicate: false });
    }
    return this.#asked(message, edited, insteadOf);
  }

  /** The message as one that asks for a plan; null: it does not. `/plan` with a goal is a question to the model and no command; another answer to what asked for a plan is a plan too. */
  #planning(message: InboundMessage, insteadOf: string | undefined): InboundMessage | null {
    const { deps } = this;
    if (message.mode === "plan") return message;
    const typed = deps.parseCommand(message.text);
    if (typed !== null && isPlanGoal(typed)) return { ...message, mode: "plan" };
    const before = insteadOf === undefined ? null : deps.inbox.get(insteadOf);
    const again = before?.mode === "plan" && typed === null && deps.messages.get(before.id)?.text === message.text;
    return again ? { ...message, mode: "plan" } : null;
  }

  /** A message that a turn answers. */
  async #asked(message: InboundMessage, edited: StoredMessage | null, insteadOf: string | undefined): Promise<Result<Receipt>> {
    const { inbox } = this.deps;
    if (insteadOf !== undefined) return ok(await this.#again(message, insteadOf));
    // What a command did stays done; its new wording, which is none, is a message like any other.
    if (edited?.kind === "chat") return ok(await this.#edit(message, edited));
    if (inbox.queuedCount() - inbox.queuedBy(OCCASION_ROUTES) >= MAX_QUEUED)
      return fail("rate_limited", `${MAX_QUEUED} messages are waiting already. Wait for answers, or send /cancel.`);
    const messageId = this.#store(message, "queued");
    await this.turns.drain();
    return ok({ messageId, turnId: inbox.get(messageId)?.turnId ?? null, duplicate: false });
  }

  /** Writes the message and its key together: there is no moment with one and not the other. `queued` waits for a turn; the others answer themselves. */
  #store(message: InboundMessage, state: Extract<InboxState, "queued" | "command" | "answered">): string {
    const { deps } = this;
    const id = deps.newId();
    const queued = state === "queued";
    let content: ContentItem[] = [];
    const stored = deps.transaction(() => {
      if (message.replyTo.channel === "telegram") {
        // Where cards go that the channel which asks cannot show.
        const { channel, bot, chatId } = message.replyTo;
        deps.settings.note("push_target", { channel, bot, chatId }, deps.now());
      }
      if (message.timeZone !== undefined && isTimeZone(message.timeZone))
        deps.settings.learnTimeZone(message.timeZone, message.channel === "web", deps.now());
      deps.inbox.insert({
        id,
        route: message.route,
        key: message.key,
        bodyHash: message.bodyHash,
        replyTo: message.replyTo,
        // A plan answers one message.
        coalesceKey: deps.channels[message.channel].coalesce && message.mode === undefined ? coalesceKey(message) : null,
        mode: message.mode ?? null,
        tier: message.tier ?? null,
        state,
        // What answers itself shares the message's id with its reply as their turn.
        turnId: queued ? null : id,
        taskId: null,
        holdUntil: message.holdMs === undefined ? null : deps.now() + message.holdMs,
        receivedAt: deps.now(),
      });
      deps.audit({
        kind: "message",
        event: "received",
        actor: message.text === "" ? "system" : "user",
        channel: message.channel,
        subject: id,
        tainted: message.content.length > 0,
        input: JSON.stringify([message.text, message.content]),
        summary: `A message by ${message.channel}`,
      });
      content = this.#kept(message);
      return deps.messages.insert({
        id,
        conversationId: this.turns.conversationId(),
        role: "user",
        kind: queued ? "chat" : "command",
        channel: message.channel,
        text: message.text,
        content,
        steps: [],
        tainted: message.content.length > 0,
        turnId: queued ? null : id,
        externalId: message.externalId ?? null,
        status: queued ? "queued" : "done",
        error: null,
        model: null,
        usage: null,
        // When the user sent it: "tomorrow" is said of that moment, however late it comes here.
        createdAt: Math.min(message.sentAt, deps.now()),
      });
    });
    deps.broadcast({ type: "message", message: stored });
    this.#noteFiles(id, message.replyTo, content);
    return id;
  }

  /** The content of a message that is being stored, with where its files are now. */
  #kept({ channel, content }: InboundMessage): ContentItem[] {
    // What a program sends by web hook is kept with its message only: the others are files that the user gave.
    const files = channel === "webhook" ? [] : content.flatMap((item) => (item.kind === "file" ? [item.file] : []));
    return withPlaces(content, files.length === 0 ? new Map() : this.deps.takeFiles(files));
  }

  /** Says what became of files where it is not what everybody expects. */
  #noteFiles(messageId: string, replyTo: InboundMessage["replyTo"], content: readonly ContentItem[]): void {
    for (const note of fileNotes(content)) this.quick.note(messageId, replyTo, note);
  }

  /** A message that its channel answers with a sentence of its own: both are stored at once. */
  #answered(message: InboundMessage, text: string): Receipt {
    const { deps, quick } = this;
    const { messageId, reply } = deps.transaction(() => {
      const id = this.#store(message, "answered");
      return { messageId: id, reply: quick.store(id, deps.messages.get(id), message.replyTo, text) };
    });
    quick.show(reply);
    return { messageId, turnId: messageId, duplicate: false };
  }

  /** The user's message that a channel says was edited; null: it is not known, so the edit counts as a new message. */
  #edited(message: InboundMessage, externalId: string): StoredMessage | null {
    const original = this.deps.messages.byExternalId(message.channel, externalId);
    return original?.view.role === "user" ? original : null;
  }

  /** Waiting: its text is replaced. The newest one: what followed leaves the context and it is answered again. An older one is kept as it is. */
  async #edit(message: InboundMessage, original: StoredMessage): Promise<Receipt> {
    const { id, status } = original.view;
    if (status === "queued") return this.#reword(message, id);
    const newest = this.deps.messages.lastOf(this.turns.conversationId(), "user");
    return newest?.id === id ? this.#again(message, id) : this.#same(message, original);
  }

  /** An edit that changes nothing. Its key is kept, so that its repeat is known. */
  #same(message: InboundMessage, original: StoredMessage): Receipt {
    this.#remember(message);
    return { messageId: original.view.id, turnId: original.view.turn_id, duplicate: false };
  }

  /** Another text for a message that still waits. */
  #reword(message: InboundMessage, originalId: string): Receipt {
    const { deps } = this;
    const content = deps.transaction(() => {
      const kept = this.#kept(message);
      deps.messages.replaceText(originalId, message.text, kept);
      deps.inbox.setMode(originalId, message.mode ?? null);
      this.#remember(message);
      return kept;
    });
    const changed = deps.messages.get(originalId);
    if (changed) deps.broadcast({ type: "message", message: changed });
    this.#noteFiles(originalId, message.replyTo, content);
    return { messageId: originalId, turnId: null, duplicate: false };
  }

  #remember(message: InboundMessage): void {
    this.deps.inbox.insert({
      id: this.deps.newId(),
      route: message.route,
      key: message.key,
      bodyHash: message.bodyHash,
      replyTo: message.replyTo,
      coalesceKey: null,
      tier: null,
      state: "answered",
      turnId: null,
      holdUntil: null,
      taskId: null,
      receivedAt: this.deps.now(),
    });
  }

  async #again(message: InboundMessage, originalId: string): Promise<Receipt> {
    const { deps } = this;
    const original = deps.messages.get(originalId);
    if (original?.status === "queued") return this.#reword(message, originalId);
    // Whatever runs in that conversation answers this message or one after it. What waits starts only when the context is as it shall be.
    const release = this.turns.hold();
    try {
      for (const turn of deps.turns.running()) if (turn.conversationId === original?.conversation_id) this.turns.stop(turn.id);
      // What the answer had done is not done twice: its new answer does it, or not. Nor is what it asked.
      if (original)
        for (const turnId of deps.messages.turnsFrom(original.conversation_id, original.seq).toReversed()) {
          deps.withdraw(turnId);
          await deps.undoTurn(turnId);
        }
      // The same edit may have come meanwhile.
      const known = deps.inbox.find(message.route, message.key);
      if (known) {
        release();
        await this.turns.drain();
        return { messageId: known.id, turnId: known.turnId, duplicate: true };
      }
      return await this.#replace(message, original, release);
    } finally {
      release();
    }
  }

  async #replace(message: InboundMessage, original: MessageView | null, release: () => void): Promise<Receipt> {
    const { deps } = this;
    const messageId = deps.transaction(() => {
      if (original) deps.messages.supersedeFrom(original.conversation_id, original.seq, deps.now());
      return this.#store(message, "queued");
    });
    if (original)
      for (const gone of deps.messages.page({ limit: 200, after: original.seq - 1, conversation_id: original.conversation_id }).messages)
        if (gone.superseded_at !== null) deps.broadcast({ type: "message", message: gone });
    release();
    await this.turns.drain();
    return { messageId, turnId: deps.inbox.get(messageId)?.turnId ?? null, duplicate: false };
  }

  /** Stops a turn; without its id whatever runs, and what waits is dropped first, so that nothing of it begins. */
  async cancel(turnId?: string): Promise<{ stopped: number; dropped: number }> {
    const dropped = turnId === undefined ? this.#dropQueued() : 0;
    let stopped = turnId === undefined ? this.deps.stopApproved() : 0;
    for (const turn of this.deps.turns.running())
      if ((turnId === undefined || turn.id === turnId) && (await this.turns.cancel(turn.id))) stopped++;
    return { stopped, dropped };
  }

  /** Drops what waits. Whoever was promised a call back gets one that says so. Returns how many messages were dropped. */
  #dropQueued(): number {
    const { deps, quick } = this;
    // What a task or a plan brought comes once: dropped here, nobody would ever hear of it.
    const queued = deps.inbox.queued().filter(({ route }) => route !== "task" && route !== "plan");
    const replies = deps.transaction(() =>
      queued.flatMap((row) => {
        deps.inbox.setState(row.id, "dropped");
        deps.messages.setStatus(row.id, "cancelled");
        const promised = row.replyTo.channel === "webhook" && needsDelivery(row.replyTo);
        return promised ? [quick.store(row.id, deps.messages.get(row.id), row.replyTo, "", "cancelled")] : [];
      }),
    );
    for (const row of queued) {
      const message = deps.messages.get(row.id);
      if (message) deps.broadcast({ type: "message", message });
    }
    for (const reply of replies) quick.show(reply);
    this.turns.announceChange();
    return queued.length;
  }
}

function withNotes(receipt: Receipt, content: readonly ContentItem[]): Receipt {
  const notes = fileNotes(content);
  return notes.length === 0 ? receipt : { ...receipt, notes };
}

/** Whether an edit changed nothing: some channels tell of edits that only they can see. Where its files were put does not count. */
const isSame = ({ view }: StoredMessage, message: InboundMessage): boolean =>
  view.text === message.text && withoutPlaces(view.content) === withoutPlaces(message.content);

const withoutPlaces = (content: readonly ContentItem[]): string => JSON.stringify(withPlaces(content, new Map()));

/** Messages are answered together only when the answer goes to one place. */
function coalesceKey(message: InboundMessage): string {
  const target = message.replyTo;
  return target.channel === "telegram" ? `telegram:${target.bot}:${target.chatId}:${target.threadId ?? ""}` : target.channel;
}
