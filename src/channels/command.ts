import { z } from "zod";
import { fail } from "../errors.ts";
import { bodyHash } from "./body-hash.ts";
import type { Channel } from "./channel.ts";
import { ContextField, contextItem, Text } from "./fields.ts";
import type { ContentItem } from "./message.ts";

/** The body of `POST /agent/command`. */
export const CommandBody = z.object({
  /** The caller's own id; only an owner's service key may name another user. */
  user_id: z.string().min(1).max(64).optional(),
  /** Where the person wrote, in the client's own words (`sms`, `kiosk`). A label, it decides nothing. */
  channel: z.string().min(1).max(50),
  message: Text.refine((text) => text.trim() !== "", "is empty"),
  context: ContextField.optional(),
});
export type CommandBody = z.infer<typeof CommandBody>;

/** A verified `POST /agent/command`; who it is for is settled before. */
export interface CommandRaw {
  key: string;
  body: CommandBody;
}

/** `POST /agent/command`: the message is the user's word, the context is content labelled with the client's channel. */
export const command: Channel<CommandRaw> = {
  id: "command",
  delivery: "pull",
  coalesce: false,
  async parse({ key, body }, receivedAt) {
    const content: ContentItem[] = [];
    if (body.context !== undefined) {
      const item = contextItem(body.context, `context field (${body.channel})`);
      if (!item) return { kind: "invalid", error: fail("payload_too_large", "The context is too long.").error };
      content.push(item);
    }
    return {
      kind: "message",
      message: {
        channel: "command",
        route: "POST /agent/command",
        key,
        bodyHash: await bodyHash(body),
        text: body.message,
        content,
        replyTo: { channel: "command" },
        sentAt: receivedAt,
      },
    };
  },
};
