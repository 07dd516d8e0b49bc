import { entityRefusal, entityWarnings, type SentEntity } from "./telegram-api/entities.ts";
import { badRequest, type BotState, type Chat, Refusal, type ShownMessage } from "./telegram-server-state.ts";

/** Parameters whose names and types the table has checked. */
interface Params {
  chat_id?: number | string;
  message_id?: number;
  message_thread_id?: number;
  text?: string;
  parse_mode?: string;
  entities?: SentEntity[];
  reply_parameters?: { message_id: number; allow_sending_without_reply?: boolean };
  reply_markup?: { inline_keyboard?: { callback_data?: string }[][] };
  action?: string;
  file_id?: string;
  /** Files that were sent: name and size. */
  photo?: string;
  document?: string;
  url?: string;
  secret_token?: string;
  allowed_updates?: string[];
  drop_pending_updates?: boolean;
  commands?: { command: string; description: string }[];
  callback_query_id?: string;
}

const ACTIONS = new Set(
  "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note".split(
    " ",
  ),
);
const MAX_FILE = 20 * 1024 * 1024;

type Method = (bot: BotState, params: Params, now: number) => unknown;

/** The methods that Margay uses, as the real server behaves. The others exist (their names and parameters are checked) but do nothing here. */
export const METHODS: Record<string, Method> = {
  getme: (bot) => ({ ...bot.user(), can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false }),

  sendmessage(bot, params, now) {
    const chat = writableChat(bot, params.chat_id);
    const text = textOf(bot, params, "message is too long");
    const reply = params.reply_parameters?.message_id;
    let repliedTo: number | null = null;
    if (reply !== undefined) {
      if (chat.theirs.has(reply) || chat.messages.get(reply)?.deleted === false) repliedTo = reply;
      else if (params.reply_parameters?.allow_sending_without_reply !== true) throw badRequest("message to be replied not found");
    }
    const message: ShownMessage = {
      message_id: bot.nextMessageId(),
      chat_id: chat.id,
      date: Math.floor(now / 1000),
      text,
      entities: params.entities ?? [],
      reply_to: repliedTo,
      thread: params.message_thread_id ?? null,
      edits: 0,
      deleted: false,
    };
    chat.messages.set(message.message_id, message);
    return view(bot, chat, message);
  },

  sendphoto: (bot, params, now) => fileMessage(bot, params, now, "photo"),
  senddocument: (bot, params, now) => fileMessage(bot, params, now, "document"),

  editmessagetext(bot, params) {
    const chat = writableChat(bot, params.chat_id);
    const text = textOf(bot, params, "MESSAGE_TOO_LONG");
    if (chat.theirs.has(params.message_id ?? 0)) throw badRequest("message can't be edited");
    const message = chat.messages.get(params.message_id ?? 0);
    if (!message || message.deleted) throw badRequest("message to edit not found");
    const entities = params.entities ?? [];
    if (message.text === text && JSON.stringify(message.entities) === JSON.stringify(entities))
      throw badRequest(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    Object.assign(message, { text, entities, edits: message.edits + 1 });
    return view(bot, chat, message);
  },

  deletemessage(bot, params) {
    const message = writableChat(bot, params.chat_id).messages.get(params.message_id ?? 0);
    if (!message || message.deleted) throw badRequest("message to delete not found");
    message.deleted = true;
    return true;
  },

  sendchataction(bot, params, now) {
    const chat = writableChat(bot, params.chat_id);
    if (!ACTIONS.has(params.action ?? "")) throw badRequest("wrong parameter action in request");
    chat.typing.push(now);
    return true;
  },

  getfile(bot, params) {
    const file = bot.files.get(params.file_id ?? "");
    if (!file) throw badRequest("wrong file_id or the file is temporarily unavailable");
    if (file.size > MAX_FILE) throw badRequest("file is too big");
    return { file_id: file.file_id, file_unique_id: file.file_unique_id, file_size: file.size, file_path: file.file_path };
  },

  setwebhook(bot, params) {
    const url = params.url ?? "";
    if (url === "") {
      bot.webhook = null;
      return true;
    }
    // Like a Bot API server of one's own (`--local`), it takes http too.
    if (!/^https?:\/\/[^/]+/.test(url)) throw badRequest("bad webhook: invalid webhook URL specified");
    const secret = params.secret_token ?? "";
    if (secret.length > 256 || !/^[\w-]*$/.test(secret)) throw badRequest("secret token contains unallowed characters");
    bot.webhook = {
      url,
      secret_token: secret,
      allowed_updates: params.allowed_updates ?? [],
      drop_pending_updates: params.drop_pending_updates === true,
    };
    return true;
  },

  deletewebhook(bot) {
    bot.webhook = null;
    return true;
  },

  getwebhookinfo: (bot) => ({
    url: bot.webhook?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: 0,
    ...(bot.webhook ? { allowed_updates: bot.webhook.allowed_updates } : {}),
  }),

  setmycommands(bot, params) {
    const commands = params.commands ?? [];
    if (commands.length > 100) throw badRequest("BOT_COMMANDS_TOO_MUCH");
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
      if (description.length < 1 || description.length > 256) throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
    bot.commands = commands;
    return true;
  },

  answercallbackquery(bot, params) {
    const id = params.callback_query_id ?? "";
    if (!bot.callbacks.delete(id)) throw badRequest("query is too old and response timeout expired or query ID is invalid");
    bot.answeredCallbacks.push(id);
    return true;
  },
};

function writableChat(bot: BotState, id: number | string | undefined): Chat {
  if (id === undefined || id === "") throw badRequest("chat_id is empty");
  const chat = bot.chats.get(Number(id));
  if (!chat) throw badRequest("chat not found");
  if (chat.state === "blocked") throw new Refusal(403, "Forbidden: bot was blocked by the user");
  if (chat.state === "deactivated") throw new Refusal(403, "Forbidden: user is deactivated");
  return chat;
}

/** A file is shown as what it was sent as, with its name and size. */
function fileMessage(bot: BotState, params: Params, now: number, as: "photo" | "document") {
  const chat = writableChat(bot, params.chat_id);
  const file = params[as] ?? "";
  if (file === "") throw badRequest(`there is no ${as} in the request`);
  if (file.endsWith(" (0 bytes)")) throw badRequest("file must be non-empty");
  const message: ShownMessage = {
    message_id: bot.nextMessageId(),
    chat_id: chat.id,
    date: Math.floor(now / 1000),
    text: `[${as}] ${file}`,
    entities: [],
    reply_to: null,
    thread: params.message_thread_id ?? null,
    edits: 0,
    deleted: false,
  };
  chat.messages.set(message.message_id, message);
  return { message_id: message.message_id, from: bot.user(), chat: { id: chat.id, type: chat.type }, date: message.date };
}

/** The text as stored: trimmed, its entities checked. */
function textOf(bot: BotState, params: Params, tooLong: string): string {
  const text = params.text ?? "";
  if (params.parse_mode !== undefined) throw badRequest("unsupported parse_mode");
  if (text.trim() === "") throw badRequest("message text is empty");
  if (!text.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
  if (text.length > 4096) throw badRequest(tooLong);
  const entities = params.entities ?? [];
  const refusal = entityRefusal(text, entities);
  if (refusal) throw badRequest(refusal);
  for (const row of params.reply_markup?.inline_keyboard ?? [])
    for (const button of row)
      if (button.callback_data !== undefined && !(byteLength(button.callback_data) >= 1 && byteLength(button.callback_data) <= 64))
        throw badRequest("BUTTON_DATA_INVALID");
  bot.warnings.push(...entityWarnings(text, entities));
  if (text !== text.trimEnd()) bot.warnings.push("white space at the end of the text is cut off");
  return text.trimEnd();
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

const view = (bot: BotState, chat: Chat, message: ShownMessage) => ({
  message_id: message.message_id,
  from: bot.user(),
  chat: { id: chat.id, type: chat.type },
  date: message.date,
  text: message.text,
  ...(message.entities.length > 0 ? { entities: message.entities } : {}),
});
