import { ClientFrame, type ServerFrame } from "../channels/socket-protocol.ts";
import type { InboundMessage } from "../channels/message.ts";
import type { Approvals } from "./approvals.ts";
import type { AgentDeps } from "./deps.ts";
import type { Intake } from "./intake.ts";
import type { Turns } from "./turns.ts";

type Send = (frame: ServerFrame) => void;

/** Frames may be this long, in UTF-16 units. */
export const MAX_FRAME = 1024 * 1024;

/** Answers the frames of a page whose user is verified. Whatever does not parse gets an `error` frame and changes nothing. */
export class SocketFrames {
  constructor(
    private readonly userId: string,
    private readonly deps: AgentDeps,
    private readonly turns: Turns,
    private readonly intake: Intake,
    private readonly approvals: Approvals,
  ) {}

  /** The first frame of a connection. */
  ready(): ServerFrame {
    const running = this.deps.turns.running().find((turn) => turn.kind === "chat");
    return {
      type: "ready",
      conversation_id: this.turns.conversationId(),
      last_seq: this.deps.messages.lastSeq(),
      running: running?.id ?? null,
    };
  }

  async handle(text: string, send: Send): Promise<void> {
    const frame = parseFrame(text);
    if (!frame) return send(errorFrame(null, "invalid_request", "That frame is not part of the protocol."));
    switch (frame.type) {
      case "ping":
        return send({ type: "pong" });
      case "cancel":
        await this.intake.cancel(frame.turn_id);
        return;
      case "answer": {
        const result = this.approvals.answer(frame.approval_id, frame, "web");
        return result.ok ? undefined : send(errorFrame(frame.id, result.error.code, result.error.message));
      }
      case "resume":
        return this.#resume(frame.turn_id, frame.from, send);
      default:
        return this.#message(frame, send);
    }
  }

  /** Sends what the page missed; what comes now it gets like everybody. */
  #resume(turnId: string, from: number, send: Send): void {
    const log = this.turns.log(turnId);
    if (log) {
      // Followed and left at once: only the past is wanted, the future is broadcast.
      log.follow(from, ({ seq, event }) => send({ type: "event", turn_id: turnId, seq, event }))();
      return;
    }
    for (const message of this.deps.messages.ofTurn(turnId)) send({ type: "message", message });
  }

  async #message(frame: Extract<ClientFrame, { type: "say" | "edit" | "regenerate" }>, send: Send): Promise<void> {
    const resolved = frame.type === "say" ? { say: frame, insteadOf: undefined, content: {} } : this.#instead(frame);
    if (!resolved) return send(errorFrame(frame.id, "not_found", "There is no such message of yours in this conversation."));
    const parsed = await this.deps.channels.web.parse({ userId: this.userId, frame: resolved.say }, this.deps.now());
    if (parsed.kind === "invalid") return send(errorFrame(frame.id, parsed.error.code, parsed.error.message));
    if (parsed.kind === "ignored") return send(errorFrame(frame.id, "invalid_request", parsed.reason));
    const message: InboundMessage = { ...parsed.message, replaces: undefined, ...resolved.content };
    const result = await this.intake.receive(message, resolved.insteadOf);
    if (!result.ok) return send(errorFrame(frame.id, result.error.code, result.error.message));
    const { messageId, turnId, duplicate } = result.value;
    send({ type: "accepted", id: frame.id, message: this.deps.messages.get(messageId), turn_id: turnId, duplicate });
  }

  /** An edit takes the place of a message of the user; another answer takes the place of the message that was answered. */
  #instead(frame: Extract<ClientFrame, { type: "edit" | "regenerate" }>) {
    const named = this.deps.messages.get(frame.message_id);
    const original =
      named?.role === "assistant" && named.turn_id !== null
        ? this.deps.messages.ofTurn(named.turn_id).findLast((message) => message.role === "user")
        : named;
    if (original?.role !== "user" || original.conversation_id !== this.turns.conversationId()) return null;
    // The body hash must be the same for a repeat of this frame, so the text is the frame's own where it has one.
    const say = {
      type: "edit" as const,
      id: frame.id,
      message_id: original.id,
      text: frame.type === "edit" ? frame.text : original.text || "again",
    };
    const content = frame.type === "regenerate" ? { text: original.text, content: original.content } : { content: original.content };
    return { say, insteadOf: original.id, content };
  }
}

function parseFrame(text: string): ClientFrame | null {
  if (text.length > MAX_FRAME) return null;
  try {
    const parsed = ClientFrame.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const errorFrame = (id: string | null, code: string, message: string): ServerFrame => ({ type: "error", id, error: { code, message } });
