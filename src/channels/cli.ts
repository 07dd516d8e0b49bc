import type { Channel } from "./channel.ts";
import { type ChatRaw, parseChat } from "./chat-body.ts";

/** What `npm run chat` says about itself (`X-Margay-Client: cli`), so that history shows where a message was typed. */
export const CLI_CLIENT = "cli";

/** The command line: `POST /api/v1/chat` by an API key, typed by a person. */
export const cli: Channel<ChatRaw> = {
  id: "cli",
  delivery: "pull",
  coalesce: false,
  parse: (raw, receivedAt) => parseChat("cli", raw, receivedAt),
};
