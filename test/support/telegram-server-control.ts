import { BotState, type Fault } from "./telegram-server-state.ts";

/** What the control endpoints take: everything a test sets up, in one shape, each part when it is there. */
interface ControlBody {
  username?: string;
  first_name?: string;
  keep?: boolean;
  chat?: { id: number; state?: "open" | "blocked" | "deactivated" };
  /** A message of the person; the answer holds its id. */
  said?: { chat: number };
  removed?: { chat: number; message_id: number };
  fault?: Fault;
  callback?: string;
}

/**
 * `PUT /control/<token>` makes or resets a bot, `POST` changes what people and the network do, `GET` shows what happened;
 * `PUT /control/<token>/files/<file id>?path=…[&size=…]` stores a file.
 */
export function control(bots: Map<string, BotState>, method: string, url: URL, body: Uint8Array<ArrayBuffer>): [number, unknown] {
  const [, , token = "", part, id = ""] = url.pathname.split("/").map(decodeURIComponent);
  if (part === "files" && method === "PUT") {
    const bot = bots.get(token);
    if (!bot) return [404, { error: "no such bot" }];
    const size = Number(url.searchParams.get("size") ?? body.byteLength);
    bot.files.set(id, {
      file_id: id,
      file_unique_id: `u${id}`,
      bytes: body,
      file_path: url.searchParams.get("path") ?? `files/${id}`,
      size,
    });
    return [200, {}];
  }
  const request: ControlBody = body.length > 0 ? JSON.parse(new TextDecoder().decode(body)) : {};
  if (method === "PUT") {
    if (request.keep && bots.has(token)) return [200, {}];
    bots.set(token, new BotState(token, request.username ?? "margay_test_bot", request.first_name ?? "Margay"));
    return [200, {}];
  }
  const bot = bots.get(token);
  if (!bot) return [404, { error: "no such bot" }];
  return method === "POST" ? [200, change(bot, request)] : [200, show(bot)];
}

function change(bot: BotState, request: ControlBody): unknown {
  if (request.chat) bot.chat(request.chat.id).state = request.chat.state ?? "open";
  if (request.fault) bot.faults.push(request.fault);
  if (request.callback) bot.callbacks.add(request.callback);
  if (request.removed) {
    const message = bot.chat(request.removed.chat).messages.get(request.removed.message_id);
    if (message) message.deleted = true;
  }
  if (!request.said) return {};
  const messageId = bot.nextMessageId();
  bot.chat(request.said.chat).theirs.add(messageId);
  return { message_id: messageId };
}

const show = (bot: BotState) => ({
  username: bot.username,
  calls: bot.calls,
  warnings: bot.warnings,
  webhook: bot.webhook,
  commands: bot.commands,
  answered_callbacks: bot.answeredCallbacks,
  faults: bot.faults,
  chats: [...bot.chats.values()].map((chat) => ({
    id: chat.id,
    state: chat.state,
    typing: chat.typing,
    messages: [...chat.messages.values()],
  })),
});
