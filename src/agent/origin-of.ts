import type { ChannelId, ReplyTarget } from "../channels/message.ts";
import type { InboxStore } from "../db/object/inbox.ts";
import type { MessageStore } from "../db/object/messages.ts";

interface Origin {
  channel: ChannelId;
  replyTo: ReplyTarget;
}

/** Where a turn, or a task, came from and where its reply goes. A run that has no message of its own came by the OpenAI interface, whose answer goes out on its connection. */
export function originOf(
  turnId: string,
  inbox: InboxStore,
  messages: MessageStore,
  tasks?: { originOf(id: string): Origin | null },
): Origin {
  const row = inbox.ofTurn(turnId).at(-1) ?? inbox.get(turnId);
  if (!row) return tasks?.originOf(turnId) ?? { channel: "openai", replyTo: { channel: "openai" } };
  return { channel: messages.get(row.id)?.channel ?? row.replyTo.channel, replyTo: row.replyTo };
}
