import { z } from "zod";
import { fail } from "../errors.ts";
import { bodyHash } from "./body-hash.ts";
import type { Parsed } from "./channel.ts";
import { ContextField, contextItem, isOwnFile, Text, TimeZone } from "./fields.ts";
import { type ContentItem, FileRef } from "./message.ts";

/** The body of `POST /api/v1/chat`, which the HTTP and the command line channel share. */
export const ChatBody = z.object({
  /** The user's word, Markdown or plain. May be empty when there are files. */
  message: Text,
  context: ContextField.optional(),
  /** What `POST /api/v1/files` answered. */
  files: z.array(FileRef).max(10).optional(),
  tier: z.enum(["fast", "smart", "vision"]).optional(),
  /** How the work is done. `direct` (as without it): at once; `plan`: the answer is a plan to approve, and nothing is done. */
  execution_mode: z.string().min(1).max(50).optional(),
  time_zone: TimeZone.optional(),
});
export type ChatBody = z.infer<typeof ChatBody>;

/** A verified `POST /api/v1/chat`. `key` is the caller's `Idempotency-Key`, or one made for this request. */
export interface ChatRaw {
  userId: string;
  key: string;
  body: ChatBody;
}

export const CHAT_ROUTE = "POST /api/v1/chat";

/** Normalises a chat request for the channel it came by. */
export async function parseChat(channel: "http" | "cli", raw: ChatRaw, receivedAt: number): Promise<Parsed> {
  const { body, key, userId } = raw;
  const mode = body.execution_mode ?? "direct";
  if (mode !== "direct" && mode !== "plan")
    return invalid("unsupported", `execution_mode "${mode}" is not available here; leave it out or send "direct" or "plan".`);
  const files = body.files ?? [];
  if (body.message.trim() === "" && files.length === 0) return invalid("invalid_request", "The message is empty.");
  if (!files.every((file) => isOwnFile(file, userId))) return invalid("not_found", "There is no such file.");
  const content: ContentItem[] = files.map((file) => ({ kind: "file", origin: "attachment", file }));
  if (body.context !== undefined) {
    const item = contextItem(body.context, "context field");
    if (!item) return invalid("payload_too_large", "The context is too long.");
    content.push(item);
  }
  return {
    kind: "message",
    message: {
      channel,
      route: CHAT_ROUTE,
      key,
      bodyHash: await bodyHash(body),
      text: body.message,
      content,
      replyTo: { channel },
      ...(body.tier ? { tier: body.tier } : {}),
      ...(mode === "plan" ? { mode } : {}),
      sentAt: receivedAt,
      ...(body.time_zone ? { timeZone: body.time_zone } : {}),
    },
  };
}

const invalid = (...error: Parameters<typeof fail>): Parsed => ({ kind: "invalid", error: fail(...error).error });
