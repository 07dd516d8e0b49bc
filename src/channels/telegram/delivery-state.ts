import { z } from "zod";

/**
 * What is known about the messages of one reply, kept with its row in the outbox. A part with `messageId: null` was being sent when
 * the record ends: whether it arrived is not known.
 */
const DeliveryState = z.object({
  parts: z.array(z.object({ messageId: z.number().int().nullable(), hash: z.string() })).default([]),
  /** Files that go with it, each as a message of its own. `left`: why one cannot be sent. */
  files: z.array(z.object({ id: z.string(), messageId: z.number().int().nullable(), left: z.string().optional() })).default([]),
  /** UTC ms before which Telegram wants no call. */
  notBefore: z.number().default(0),
});
export type DeliveryState = z.infer<typeof DeliveryState>;

/** What was saved before; anything unreadable counts as nothing. */
export function readState(saved: unknown): DeliveryState {
  const parsed = DeliveryState.safeParse(saved ?? {});
  return parsed.success ? parsed.data : { parts: [], files: [], notBefore: 0 };
}
