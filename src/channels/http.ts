import type { Channel } from "./channel.ts";
import { type ChatRaw, parseChat } from "./chat-body.ts";

/** `POST /api/v1/chat`: the asker waits on the connection, follows the stream or reads the history. The message is the user's word. */
export const http: Channel<ChatRaw> = {
  id: "http",
  delivery: "pull",
  // Each request waits for its own answer.
  coalesce: false,
  parse: (raw, receivedAt) => parseChat("http", raw, receivedAt),
};
