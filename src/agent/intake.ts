import { type ChannelId, InboundMessage } from "../channels/message.ts";
import { fail, ok, type Result } from "../errors.ts";
import { whereOf } from "../log.ts";
import type { AgentDeps } from "./deps.ts";
import { isTimeZone } from "../dates/zone.ts";
import { needsDelivery } from "./needs-delivery.ts";
import type { Turns } from "./turns.ts";
import type { Receipt } from "./user-agent-api.ts";

/** More than this waits nowhere: the sender is told to wait. */
export const MAX_QUEUED = 200;

/** Takes messages in: once each, whatever the channel does, and durable before anybody is told so. */
export class Intake {
  constructor(
    private readonly deps: AgentDeps,
    private readonly turns: Turns,
  ) {}

  /**
   * Stores a message once and starts or queues its turn. `insteadOf` is a message of the user that this one takes the place of (edit and resend, another
   * answer): that one and everything after it leave the context. One that still waits gets the new text.
   */
  async receive(input: InboundMessage, insteadOf?: string): Promise<Result<Receipt>> {
    const parsed = InboundMessage.safeParse(input);
    if (!parsed.success) return fail("invalid_request", parsed.error.issues[0]?.message ?? "The message is not valid.");
    const message = parsed.data;
    const { inbox } = this.deps;
    const known = inbox.find(message.route, message.key);
    if (known) {
      if (known.bodyHash !== message.bodyHash)
        return fail("idempotency_conflict", "This idempotency key was used before with another request.");
      // A crash may have come between storing and starting.
      if (known.state === "queued") await this.turns.drain();
      return ok({ messageId: known.id, turnId: inbox.get(known.id)?.turnId ?? null, duplicate: true });
    }
    if (inbox.queuedCount() >= MAX_QUEUED)
      return fail("rate_limited", `${MAX_QUEUED} messages are waiting already. Wait for answers, or send /cancel.`);
    const command = message.content.length === 0 ? this.deps.parseCommand(message.text) : null;
    if (command) return ok(await this.#command(message, command));
    if (insteadOf !== undefined) return ok(await this.#again(message, insteadOf));
    if (message.replaces !== undefined) {
      const edited = await this.#edit(message, message.replaces);
      if (edited) return ok(edited);
    }
    const messageId = this.#store(message, "queued");
    await this.turns.drain();
    return ok({ messageId, turnId: inbox.get(messageId)?.turnId ?? null, duplicate: false });
  }

  /** Writes the message and its key together: there is no moment with one and not the other. */
  #store(message: InboundMessage, state: "queued" | "command"): string {
    const { deps } = this;
    const id = deps.newId();
    const stored = deps.transaction(() => {
      if (message.timeZone !== undefined && isTimeZone(message.timeZone))
        deps.settings.learnTimeZone(message.timeZone, message.channel === "web", deps.now());
      deps.inbox.insert({
        id,
        route: message.route,
        key: message.key,
        bodyHash: message.bodyHash,
        replyTo: message.replyTo,
        coalesceKey: deps.channels[message.channel].coalesce ? coalesceKey(message) : null,
        tier: message.tier ?? null,
        state,
        turnId: state === "queued" ? null : id,
        receivedAt: deps.now(),
      });
      return deps.messages.insert({
        id,
        conversationId: this.turns.conversationId(),
        role: "user",
        kind: state === "command" ? "command" : "chat",
        channel: message.channel,
        text: message.text,
        content: message.content,
        steps: [],
        tainted: message.content.length > 0,
        // A command answers itself: message and reply share the message's id as their turn.
        turnId: state === "queued" ? null : id,
        externalId: message.externalId ?? null,
        status: state === "queued" ? "queued" : "done",
        error: null,
        model: null,
        usage: null,
        createdAt: deps.now(),
      });
    });
    deps.broadcast({ type: "message", message: stored });
    return id;
  }

  async #command(message: InboundMessage, command: { name: string; args: string }): Promise<Receipt> {
    const messageId = this.#store(message, "command");
    await this.answerCommand(messageId, command);
    return { messageId, turnId: messageId, duplicate: false };
  }

  /** Runs a command whose message is stored, and stores its reply. Also called at start for one that a crash interrupted. */
  async answerCommand(messageId: string, command: { name: string; args: string }): Promise<void> {
    const { deps } = this;
    const row = deps.inbox.get(messageId);
    if (row?.state !== "command") return;
    const asked = deps.messages.get(messageId);
    const text = await this.#runCommand(command, asked?.channel ?? "web", messageId);
    const reply = deps.transaction(() => {
      // Taken up twice, at a start: it is answered once.
      if (deps.inbox.get(messageId)?.state !== "command") return null;
      deps.inbox.setState(messageId, "answered");
      const stored = deps.messages.insert({
        id: deps.newId(),
        // `/new` shows its answer where it was asked.
        conversationId: asked?.conversation_id ?? this.turns.conversationId(),
        role: "assistant",
        kind: "command",
        channel: asked?.channel ?? "web",
        text,
        content: [],
        steps: [],
        tainted: false,
        turnId: messageId,
        externalId: null,
        status: "done",
        error: null,
        model: null,
        usage: null,
        createdAt: deps.now(),
      });
      if (needsDelivery(row.replyTo))
        deps.outbox.insert({
          id: deps.newId(),
          turnId: messageId,
          messageId: stored.id,
          target: row.replyTo,
          state: "pending",
          createdAt: deps.now(),
        });
      return stored;
    });
    if (!reply) return;
    deps.broadcast({ type: "message", message: reply });
    this.turns.announceChange();
    deps.deliver();
  }

  /** A command that fails is answered all the same: left open, it would be run at every start, before everything else that waits. */
  async #runCommand(command: { name: string; args: string }, channel: ChannelId, messageId: string): Promise<string> {
    try {
      return await this.deps.runCommand(command, channel, messageId);
    } catch (error) {
      this.deps.log("command_bug", { message: messageId, error: whereOf(error) }, "error");
      return "Something went wrong on my side with this command. Please try again.";
    }
  }

  /** Takes up commands that a crash interrupted. */
  async resumeCommands(): Promise<void> {
    for (const row of this.deps.inbox.commands()) {
      const command = this.deps.parseCommand(this.deps.messages.get(row.id)?.text ?? "");
      if (command) await this.answerCommand(row.id, command);
    }
  }

  /**
   * A channel says that a message was edited. Waiting: its text is replaced. The newest one: what followed leaves the context and it is answered
   * again. Older, or nothing changed: kept as it is. Null: the original is not known, so the edit counts as a new message.
   */
  async #edit(message: InboundMessage, externalId: string): Promise<Receipt | null> {
    const { deps } = this;
    const original = deps.messages.byExternalId(message.channel, externalId);
    if (!original || original.role !== "user") return null;
    if (original.status === "queued") return this.#reword(message, original.id);
    const same = original.text === message.text && JSON.stringify(original.content) === JSON.stringify(message.content);
    const newest = same ? null : deps.messages.lastOf(this.turns.conversationId(), "user");
    if (newest?.id !== original.id) {
      this.#remember(message);
      return { messageId: original.id, turnId: original.turn_id, duplicate: false };
    }
    return this.#again(message, original.id);
  }

  /** Another text for a message that still waits. */
  #reword(message: InboundMessage, originalId: string): Receipt {
    const { deps } = this;
    deps.transaction(() => {
      deps.messages.replaceText(originalId, message.text, message.content);
      this.#remember(message);
    });
    const changed = deps.messages.get(originalId);
    if (changed) deps.broadcast({ type: "message", message: changed });
    return { messageId: originalId, turnId: null, duplicate: false };
  }

  /** Keeps the key of an edit, so that its repeat is known. */
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
      receivedAt: this.deps.now(),
    });
  }

  async #again(message: InboundMessage, originalId: string): Promise<Receipt> {
    const { deps } = this;
    const original = deps.messages.get(originalId);
    if (original?.status === "queued") return this.#reword(message, originalId);
    // Whatever runs in that conversation answers this message or one after it. What waits starts only when the context is as it shall be.
    for (const turn of deps.turns.running()) if (turn.conversationId === original?.conversation_id) this.turns.stop(turn.id);
    const messageId = deps.transaction(() => {
      if (original) deps.messages.supersedeFrom(original.conversation_id, original.seq, deps.now());
      return this.#store(message, "queued");
    });
    if (original)
      for (const gone of deps.messages.page({ limit: 200, after: original.seq - 1, conversation_id: original.conversation_id }).messages)
        if (gone.superseded_at !== null) deps.broadcast({ type: "message", message: gone });
    await this.turns.drain();
    return { messageId, turnId: deps.inbox.get(messageId)?.turnId ?? null, duplicate: false };
  }

  /** Drops what waits. Returns how many messages were dropped. */
  dropQueued(): number {
    const { deps } = this;
    const queued = deps.inbox.queued();
    deps.transaction(() => {
      for (const row of queued) {
        deps.inbox.setState(row.id, "dropped");
        deps.messages.setStatus(row.id, "cancelled");
      }
    });
    for (const row of queued) {
      const message = deps.messages.get(row.id);
      if (message) deps.broadcast({ type: "message", message });
    }
    this.turns.announceChange();
    return queued.length;
  }
}

/** Messages are answered together only when the answer goes to one place. */
function coalesceKey(message: InboundMessage): string {
  const target = message.replyTo;
  return target.channel === "telegram" ? `telegram:${target.bot}:${target.chatId}:${target.threadId ?? ""}` : target.channel;
}
