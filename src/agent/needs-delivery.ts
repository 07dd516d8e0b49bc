import type { ReplyTarget } from "../channels/message.ts";

/** Whether the reply is ours to send; everybody else waits on a connection or reads the history. */
export const needsDelivery = (target: ReplyTarget): boolean =>
  target.channel === "telegram" || target.channel === "email" || (target.channel === "webhook" && target.callbackUrl !== undefined);
