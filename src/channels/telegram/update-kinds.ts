import type { Update } from "grammy/types";

/**
 * Every kind of update of the Bot API and what Margay does with it. A string says why it is ignored; a test compares the list with the
 * Bot API's own. Kinds that are not here (newer ones) are ignored too.
 */
export const UPDATE_KINDS = {
  message: "message",
  edited_message: "edited",
  channel_post: "message",
  callback_query: "callback",
  my_chat_member: "membership",
  edited_channel_post: { ignored: "an edited channel post" },
  business_connection: { ignored: "Margay does not act for business accounts" },
  business_message: { ignored: "Margay does not act for business accounts" },
  edited_business_message: { ignored: "Margay does not act for business accounts" },
  deleted_business_messages: { ignored: "Margay does not act for business accounts" },
  guest_message: { ignored: "Margay only talks in private chats" },
  message_reaction: { ignored: "a reaction is not a message" },
  message_reaction_count: { ignored: "a reaction is not a message" },
  inline_query: { ignored: "inline mode is not used" },
  chosen_inline_result: { ignored: "inline mode is not used" },
  shipping_query: { ignored: "payments are not used" },
  pre_checkout_query: { ignored: "payments are not used" },
  purchased_paid_media: { ignored: "payments are not used" },
  poll: { ignored: "a poll changed" },
  poll_answer: { ignored: "a poll answer" },
  chat_member: { ignored: "other members of a chat are not followed" },
  chat_join_request: { ignored: "join requests are not handled" },
  chat_boost: { ignored: "boosts are not used" },
  removed_chat_boost: { ignored: "boosts are not used" },
  managed_bot: { ignored: "managed bots are not used" },
} as const satisfies Partial<Record<keyof Update, "message" | "edited" | "callback" | "membership" | { ignored: string }>>;

export type UpdateKind = keyof typeof UPDATE_KINDS;

export const isUpdateKind = (key: string): key is UpdateKind => Object.hasOwn(UPDATE_KINDS, key);

/** What `setWebhook` asks for: the kinds that are handled, nothing else. */
export const ALLOWED_UPDATES = Object.keys(UPDATE_KINDS)
  .filter(isUpdateKind)
  .filter((kind) => typeof UPDATE_KINDS[kind] === "string");
