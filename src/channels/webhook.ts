import { z } from "zod";
import { checkPublicUrl } from "../egress/public-url.ts";
import { fail } from "../errors.ts";
import { bodyHash } from "./body-hash.ts";
import type { Channel } from "./channel.ts";
import { ContextField, contextItem, Text } from "./fields.ts";
import type { ContentItem } from "./message.ts";
import { deliverCallback } from "./webhook/callback.ts";

/** The body of `POST /webhook`. */
export const WebhookBody = z.object({
  /** The id of the user whose agent is meant. Needed with a signature; with an API key it must be the caller's own. */
  user: z.string().min(1).max(64).optional(),
  message: Text.refine((text) => text.trim() !== "", "is empty"),
  context: ContextField.optional(),
  /** Where the result is sent when it is ready: public `https` addresses only. */
  callback_url: z.string().min(1).max(2000).optional(),
  /** A repeat with the same key and body is answered with the first one's outcome. Comes back as the callback's `Idempotency-Key`. */
  idempotency_key: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "must be 1 to 200 visible ASCII characters")
    .optional(),
});
export type WebhookBody = z.infer<typeof WebhookBody>;

/** A webhook whose sender is verified. `key` is the body's `idempotency_key`, or one made for this request. */
export interface WebhookRaw {
  key: string;
  body: WebhookBody;
}

/**
 * `POST /webhook`. Its sender is a program, so nothing of the body is the user's word: `text` is empty and both `message` and
 * `context` are content that the agent is asked to look at.
 */
export const webhook: Channel<WebhookRaw> = {
  id: "webhook",
  delivery: "push",
  // Each request has its own callback address and its own answer.
  coalesce: false,
  async parse({ key, body }, receivedAt) {
    const content: ContentItem[] = [{ kind: "context", origin: "webhook", text: body.message }];
    if (body.context !== undefined) {
      const item = contextItem(body.context, "webhook context");
      if (!item) return { kind: "invalid", error: fail("payload_too_large", "The context is too long.").error };
      content.push(item);
    }
    if (body.callback_url !== undefined) {
      const checked = checkPublicUrl(body.callback_url);
      if (!checked.allowed) return { kind: "invalid", error: fail("invalid_request", `callback_url ${checked.reason}.`).error };
    }
    return {
      kind: "message",
      message: {
        channel: "webhook",
        route: "POST /webhook",
        key,
        bodyHash: await bodyHash(body),
        text: "",
        content,
        replyTo: {
          channel: "webhook",
          ...(body.callback_url === undefined ? {} : { callbackUrl: body.callback_url }),
          ...(body.idempotency_key === undefined ? {} : { requestId: body.idempotency_key }),
        },
        sentAt: receivedAt,
      },
    };
  },
  deliver: deliverCallback,
};
