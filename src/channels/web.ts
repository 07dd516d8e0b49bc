import { fail } from "../errors.ts";
import { bodyHash } from "./body-hash.ts";
import type { Channel } from "./channel.ts";
import { isOwnFile, isTimeZone } from "./fields.ts";
import type { ContentItem } from "./message.ts";
import type { ClientFrame } from "./socket-protocol.ts";

/** A frame of the page that carries the user's word, on a socket whose user is verified. */
export interface WebRaw {
  userId: string;
  frame: Extract<ClientFrame, { type: "say" | "edit" }>;
}

/**
 * The page, over its WebSocket. The frame's `id` is the idempotency key. For an edit, `replaces` is the stored id of the message (the page
 * knows no other).
 */
export const web: Channel<WebRaw> = {
  id: "web",
  delivery: "pull",
  coalesce: true,
  async parse({ userId, frame }, receivedAt) {
    const files = frame.type === "say" ? (frame.files ?? []) : [];
    if (frame.text.trim() === "" && files.length === 0)
      return { kind: "invalid", error: fail("invalid_request", "The message is empty.").error };
    if (!frame.text.isWellFormed())
      return { kind: "invalid", error: fail("invalid_request", "The text holds half a surrogate pair.").error };
    if (!files.every((file) => isOwnFile(file, userId)))
      return { kind: "invalid", error: fail("not_found", "There is no such file.").error };
    const content: ContentItem[] = files.map((file) => ({ kind: "file", origin: "attachment", file }));
    const { id: key, ...body } = frame;
    // A browser with an unknown zone still may speak; the zone is only a hint.
    const timeZone = frame.type === "say" && frame.time_zone !== undefined && isTimeZone(frame.time_zone) ? frame.time_zone : undefined;
    return {
      kind: "message",
      message: {
        channel: "web",
        route: "socket",
        key,
        bodyHash: await bodyHash(body),
        text: frame.text,
        content,
        replyTo: { channel: "web" },
        externalId: key.slice(0, 200),
        ...(frame.type === "edit" ? { replaces: frame.message_id } : {}),
        sentAt: receivedAt,
        ...(timeZone ? { timeZone } : {}),
      },
    };
  },
};
