import { z } from "zod";

/**
 * The parts of a Bot API 10.1 `Update` that Margay reads (core.telegram.org/bots/api#update). Everything else is let through and
 * not looked at: Telegram adds fields several times a year.
 */
const id = z.number().int();
const seconds = z.number().int().nonnegative();

export const TgEntity = z.object({ type: z.string(), offset: z.number().int(), length: z.number().int(), url: z.string().optional() });
export type TgEntity = z.infer<typeof TgEntity>;

export const TgUser = z.object({
  id,
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  username: z.string().optional(),
});
export type TgUser = z.infer<typeof TgUser>;

export const TgChat = z.object({
  id,
  type: z.string(),
  title: z.string().optional(),
  username: z.string().optional(),
  first_name: z.string().optional(),
});

const Photo = z.object({
  file_id: z.string().min(1),
  file_unique_id: z.string().min(1),
  width: z.number(),
  height: z.number(),
  file_size: z.number().optional(),
});
export type TgPhoto = z.infer<typeof Photo>;

/** Documents, videos, animations, voice and video notes, audio: one shape, fields as far as the kind has them. */
const File = z.object({
  file_id: z.string().min(1),
  file_unique_id: z.string().min(1),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.number().optional(),
  duration: z.number().optional(),
});

const Origin = z.object({
  type: z.string(),
  sender_user: TgUser.optional(),
  sender_user_name: z.string().optional(),
  sender_chat: TgChat.optional(),
  chat: TgChat.optional(),
});
export type TgOrigin = z.infer<typeof Origin>;

const Place = z.object({ latitude: z.number(), longitude: z.number() });

/** What a message carries, the same for a message, the one it answers and one that it quotes from elsewhere. */
const content = {
  text: z.string().optional(),
  entities: z.array(TgEntity).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(TgEntity).optional(),
  rich_message: z.object({ blocks: z.array(z.unknown()) }).optional(),
  photo: z.array(Photo).optional(),
  document: File.optional(),
  animation: File.optional(),
  video: File.optional(),
  audio: File.optional(),
  voice: File.optional(),
  video_note: File.optional(),
  paid_media: z.unknown().optional(),
  sticker: z.object({ emoji: z.string().optional(), set_name: z.string().optional() }).optional(),
  dice: z.object({ emoji: z.string(), value: z.number() }).optional(),
  location: Place.optional(),
  venue: z.object({ location: Place, title: z.string(), address: z.string() }).optional(),
  contact: z
    .object({ phone_number: z.string(), first_name: z.string(), last_name: z.string().optional(), vcard: z.string().optional() })
    .optional(),
  poll: z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) }).optional(),
  checklist: z
    .object({ title: z.string(), tasks: z.array(z.object({ text: z.string(), completion_date: z.number().optional() })) })
    .optional(),
  story: z.unknown().optional(),
  game: z.object({ title: z.string() }).optional(),
  invoice: z.object({ title: z.string() }).optional(),
  giveaway: z.unknown().optional(),
  giveaway_winners: z.unknown().optional(),
};

const TgReplied = z.object({ ...content, message_id: id, from: TgUser.optional(), forum_topic_created: z.unknown().optional() });
export type TgReplied = z.infer<typeof TgReplied>;

const TgExternal = z.object({ ...content, origin: Origin });

export const TgMessage = z.object({
  ...content,
  message_id: id,
  message_thread_id: id.optional(),
  is_topic_message: z.boolean().optional(),
  date: seconds,
  edit_date: seconds.optional(),
  chat: TgChat,
  from: TgUser.optional(),
  via_bot: TgUser.optional(),
  media_group_id: z.string().optional(),
  forward_origin: Origin.optional(),
  reply_to_message: TgReplied.optional(),
  external_reply: TgExternal.optional(),
  quote: z.object({ text: z.string() }).optional(),
});
export type TgMessage = z.infer<typeof TgMessage>;
export type TgContent = Pick<TgMessage, keyof typeof content>;

/** False: a service message (a pin, a changed photo of the chat …). */
export const carriesContent = (message: TgMessage): boolean =>
  Object.entries(message).some(([key, value]) => value !== undefined && Object.hasOwn(content, key));

export const TgCallback = z.object({
  id: z.string().min(1),
  from: TgUser,
  message: z.object({ chat: TgChat }).optional(),
  data: z.string().optional(),
});

export const TgMembership = z.object({ chat: TgChat, from: TgUser, new_chat_member: z.object({ status: z.string() }) });

export const TgUpdate = z.looseObject({ update_id: z.number().int().nonnegative() });
