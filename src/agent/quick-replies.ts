import type { MessageView } from "../channels/events.ts";
import { type ChannelId, type InboundMessage, type ReplyTarget } from "../channels/message.ts";
import { whereOf } from "../log.ts";
import type { AgentDeps } from "./deps.ts";
import { needsDelivery } from "./needs-delivery.ts";
import type { Turns } from "./turns.ts";

type Command = { name: string; args: string };

/** Answers that need no model: those of commands, and sentences that a channel has ready. Each is given once, whatever happens meanwhile. */
export class QuickReplies {
  constructor(
    private readonly deps: AgentDeps,
    private readonly turns: Turns,
  ) {}

  /**
   * A command answers itself, at once and whatever runs. A quote or a context beside it does not make it less the user's word; a file does: that is
   * for the model to look at.
   */
  commandOf(message: InboundMessage): Command | null {
    return message.content.some((item) => item.kind === "file") ? null : this.deps.parseCommand(message.text);
  }

  /** Runs a command whose message is stored, and stores its reply. Also called at start for one that a crash interrupted. */
  async answerCommand(messageId: string, command: Command): Promise<void> {
    const { deps } = this;
    const row = deps.inbox.get(messageId);
    if (row?.state !== "command") return;
    const asked = deps.messages.get(messageId);
    const text = await this.#run(command, asked?.channel ?? "web", messageId);
    const reply = deps.transaction(() => {
      // Taken up twice, at a start: it is answered once.
      if (deps.inbox.get(messageId)?.state !== "command") return null;
      deps.inbox.setState(messageId, "answered");
      return this.store(messageId, asked, row.replyTo, text);
    });
    if (reply) this.show(reply);
  }

  /** A command that fails is answered all the same: left open, it would be run at every start, before everything else that waits. */
  async #run(command: Command, channel: ChannelId, messageId: string): Promise<string> {
    try {
      return await this.deps.runCommand(command, channel, messageId);
    } catch (error) {
      this.deps.log("command_bug", { message: messageId, error: whereOf(error) }, "error");
      return "Something went wrong on my side with this command. Please try again.";
    }
  }

  /** Takes up commands that a crash interrupted. */
  async resume(): Promise<void> {
    for (const row of this.deps.inbox.commands()) {
      const command = this.deps.parseCommand(this.deps.messages.get(row.id)?.text ?? "");
      if (command) await this.answerCommand(row.id, command);
    }
  }

  /** Writes a reply and its delivery. Called in the transaction that marks the message answered; {@link show} follows it. */
  store(
    messageId: string,
    asked: MessageView | null,
    replyTo: ReplyTarget,
    text: string,
    status: "done" | "cancelled" = "done",
  ): MessageView {
    return this.#insert(asked, replyTo, text, status, messageId);
  }

  #insert(asked: MessageView | null, replyTo: ReplyTarget, text: string, status: "done" | "cancelled", turnId: string | null): MessageView {
    const { deps } = this;
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
      turnId,
      externalId: null,
      status,
      error: null,
      model: null,
      usage: null,
      createdAt: deps.now(),
    });
    if (needsDelivery(replyTo))
      deps.outbox.insert({ id: deps.newId(), turnId, messageId: stored.id, target: replyTo, state: "pending", createdAt: deps.now() });
    return stored;
  }

  /** Says something beside the answer that a message gets anyway. */
  note(messageId: string, replyTo: ReplyTarget, text: string): void {
    const { deps } = this;
    const asked = deps.messages.get(messageId);
    const stored = deps.transaction(() => this.#insert(asked, replyTo, text, "done", null));
    this.show(stored);
  }

  show(reply: MessageView): void {
    this.deps.broadcast({ type: "message", message: reply });
    this.turns.announceChange();
    this.deps.deliver();
  }
}
