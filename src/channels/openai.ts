import { fail } from "../errors.ts";
import { bodyHash } from "./body-hash.ts";
import type { Channel } from "./channel.ts";
import type { ContentItem } from "./message.ts";
import { readConversation } from "./openai/conversation.ts";
import type { CompletionRequest } from "./openai/request.ts";

/** A verified chat completion request. */
export interface OpenAIRaw {
  key: string;
  body: CompletionRequest;
}

/** The most messages of a client's history that one inbound message can carry; the newest are kept. */
const MAX_HISTORY = 200;

/**
 * The OpenAI-compatible endpoint. Its route is stateless and takes what `readConversation()` made straight to
 * `UserAgentApi.complete`; as a message for the inbox it has the same word and, as content, the same history. Images are not kept, so a request
 * with images is no message.
 */
export const openai: Channel<OpenAIRaw> = {
  id: "openai",
  delivery: "pull",
  coalesce: false,
  async parse({ key, body }, receivedAt) {
    const read = readConversation(body);
    if (!read.ok) return { kind: "invalid", error: fail("unsupported", read.problem.message).error };
    const { text, history, images, model } = read.conversation;
    if (images.length > 0) return { kind: "invalid", error: fail("unsupported", "Images are taken only in a stateless run.").error };
    const content = history
      .slice(-MAX_HISTORY)
      .map((entry): ContentItem =>
        entry.role === "system"
          ? { kind: "system", origin: "client", text: entry.text }
          : { kind: "history", origin: `client (${entry.role})`, text: entry.text },
      );
    return {
      kind: "message",
      message: {
        channel: "openai",
        route: "POST /v1/chat/completions",
        key,
        bodyHash: await bodyHash(body),
        text,
        content,
        replyTo: { channel: "openai" },
        ...(model === "margay" ? {} : { tier: model === "margay-fast" ? "fast" : "smart" }),
        sentAt: receivedAt,
      },
    };
  },
};
