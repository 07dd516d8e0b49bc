import { z } from "zod";

/** Channels that can bring a message. The driver of each is `src/channels/<id>.ts`. */
export const ChannelId = z.enum(["web", "http", "openai", "command", "webhook", "telegram", "email", "cli", "agent"]);
export type ChannelId = z.infer<typeof ChannelId>;

/** Nobody waits for what comes by these: a turn that would ask goes on without, and what it asked is parked. */
export const UNATTENDED: ReadonlySet<ChannelId> = new Set<ChannelId>(["webhook", "agent"]);

/** The longest text one message may carry, in UTF-16 units (a body is at most 1 MiB). */
export const MAX_TEXT = 200_000;

/** A file kept in R2, named in a message. `key` always starts with `u/<userId>/`. */
export const FileRef = z.object({
  key: z.string().min(1).max(512),
  name: z.string().min(1).max(255),
  mime: z.string().min(1).max(255),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Where it was put among the user's files when it came; null: there was no room. Absent: it has not come with a message, or not from the user. */
  path: z.string().max(1_024).nullable().optional(),
  /** Its bytes are gone: the user deleted the document that it became. */
  deleted: z.literal(true).optional(),
});
export type FileRef = z.infer<typeof FileRef>;

/**
 * Content that came with a message and is not the user's word: quotes, forwards, `context` fields, webhook bodies, client-sent history,
 * attachments. It is shown to the model labelled with `origin`, as data.
 */
export const ContentItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["quote", "forward", "context", "history", "system"]),
    origin: z.string().max(200),
    text: z.string().max(MAX_TEXT),
  }),
  z.object({ kind: z.literal("file"), origin: z.string().max(200), file: FileRef }),
]);
export type ContentItem = z.infer<typeof ContentItem>;

/** Where a reply goes. `pull`: the asker waits on the connection or reads the history; nothing is sent by us. */
export const ReplyTarget = z.discriminatedUnion("channel", [
  z.object({ channel: z.enum(["web", "http", "openai", "command", "cli"]) }),
  z.object({ channel: z.literal("webhook"), callbackUrl: z.url().optional(), requestId: z.string().max(200).optional() }),
  z.object({
    channel: z.literal("telegram"),
    /** `shared` or the numeric id of the user's own bot. */
    bot: z.string().max(32),
    chatId: z.number().int(),
    /** The message answered, so that the reply can quote it. */
    messageId: z.number().int().optional(),
    threadId: z.number().int().optional(),
  }),
  z.object({
    channel: z.literal("email"),
    /** The user's Margay address. */
    from: z.string().max(320),
    /** The proven address of who wrote. */
    to: z.string().max(320),
    /** Of the mail answered. */
    subject: z.string().max(1_000),
    /** The id of the mail answered, and those of the mails before it. */
    inReplyTo: z.string().max(500).optional(),
    references: z.array(z.string().max(500)).max(200),
  }),
]);
export type ReplyTarget = z.infer<typeof ReplyTarget>;

/** How a message is answered, where it is not simply done. */
export const MessageMode = z.enum(["plan"]);
export type MessageMode = z.infer<typeof MessageMode>;

/**
 * A request as every channel hands it over: verified, normalised, with an idempotency key.
 *
 * `key` is unique within (user, `route`); a repeat with the same `bodyHash` is answered with the first one's outcome, with
 * another `bodyHash` it is an `idempotency_conflict`. Keys are kept 7 days.
 */
export const InboundMessage = z.object({
  channel: ChannelId,
  route: z.string().min(1).max(100),
  key: z.string().min(1).max(255),
  bodyHash: z.string().min(1).max(128),
  /** The user's word: what they typed themselves. May be empty when the message is only a file. Unchanged, whatever it holds. */
  text: z.string().max(MAX_TEXT),
  content: z.array(ContentItem).max(200).default([]),
  replyTo: ReplyTarget,
  /** The channel's own id of this message, so that an edit can find it. */
  externalId: z.string().max(200).optional(),
  /** Set when this is an edit: the `externalId` of what it replaces. */
  replaces: z.string().max(200).optional(),
  /** A sentence of the channel's own that answers this, where no model could ("I cannot listen to voice yet"). */
  answer: z.string().min(1).max(2_000).optional(),
  /** Milliseconds in which more of the same message may follow, as the pictures of an album do: the turn waits for them. */
  holdMs: z.number().int().positive().max(10_000).optional(),
  /** An explicit tier for this message only. */
  tier: z.enum(["fast", "smart", "vision"]).optional(),
  /** `plan`: it is answered by a plan, and nothing is done before the user approves it. */
  mode: MessageMode.optional(),
  /** UTC milliseconds at which the user sent it, by the channel's clock. */
  sentAt: z.number().int().nonnegative(),
  /** The sender's IANA zone where the channel knows it (the browser does). */
  timeZone: z.string().max(64).optional(),
});
export type InboundMessage = z.infer<typeof InboundMessage>;
