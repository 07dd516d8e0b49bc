import type { Fault, ReceivedCall, ShownMessage } from "./telegram-server-state.ts";

/** What the strict server knows about a bot. */
export interface BotView {
  username: string;
  calls: ReceivedCall[];
  warnings: string[];
  webhook: { url: string; secret_token: string; allowed_updates: string[]; drop_pending_updates: boolean } | null;
  commands: { command: string; description: string }[];
  answered_callbacks: string[];
  faults: Fault[];
  chats: { id: number; state: string; typing: number[]; messages: ShownMessage[] }[];
}

export interface Person {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
}

export interface Update {
  update_id: number;
  [kind: string]: unknown;
}

let updates = 700_000_000;

/** Bot and person ids that no other test in this run has. */
let ids = 0;
export const freshId = (): number => 1_000_000_000 + Math.floor(Math.random() * 900_000) * 10_000 + ids++;
export const freshToken = (): string => `${freshId()}:${crypto.randomUUID().replaceAll("-", "")}`;

/**
 * One bot on the strict server, from a test's side: what people do, what goes wrong, and what they see. Needs only `fetch`, so it works
 * in Node and in workerd.
 */
export class TelegramTestBot {
  constructor(
    readonly root: string,
    readonly token: string = freshToken(),
    readonly username = "margay_test_bot",
  ) {}

  get id(): number {
    return Number(this.token.split(":")[0]);
  }

  /** Makes the bot, or makes it as new; with `keep`, one that is there stays as it is (for a bot that several test files share). */
  async create(options: { keep?: boolean } = {}): Promise<this> {
    await this.#control("PUT", { username: this.username, keep: options.keep === true });
    return this;
  }

  /** Someone presses Start. */
  async open(person: Person, state: "open" | "blocked" | "deactivated" = "open"): Promise<void> {
    await this.#control("POST", { chat: { id: person.id, state } });
  }

  async openGroup(chatId: number): Promise<void> {
    await this.#control("POST", { chat: { id: chatId } });
  }

  async fail(fault: Fault): Promise<void> {
    await this.#control("POST", { fault });
  }

  async addFile(fileId: string, bytes: Uint8Array<ArrayBuffer>, options: { path?: string; size?: number } = {}): Promise<void> {
    const query = new URLSearchParams({ path: options.path ?? `documents/${fileId}` });
    if (options.size !== undefined) query.set("size", String(options.size));
    const response = await fetch(`${this.root}/control/${encodeURIComponent(this.token)}/files/${encodeURIComponent(fileId)}?${query}`, {
      method: "PUT",
      body: bytes,
    });
    await response.arrayBuffer();
  }

  /** The person deletes one of the bot's messages. */
  async remove(chat: number, messageId: number): Promise<void> {
    await this.#control("POST", { removed: { chat, message_id: messageId } });
  }

  async view(): Promise<BotView> {
    return (await fetch(`${this.root}/control/${encodeURIComponent(this.token)}`)).json<BotView>();
  }

  /** What a person sees of the bot in their chat, oldest first. */
  async seen(chatId: number): Promise<ShownMessage[]> {
    const chat = (await this.view()).chats.find(({ id }) => id === chatId);
    return (chat?.messages ?? []).filter((message) => !message.deleted);
  }

  /** A text as an update, with its place in the chat on the server so that it can be answered. */
  async says(person: Person, text: string, extra: Record<string, unknown> = {}): Promise<Update> {
    return this.sends(person, { text, ...extra });
  }

  /** Any message as an update. */
  async sends(person: Person, fields: Record<string, unknown>): Promise<Update> {
    await this.open(person);
    const said = await this.#control("POST", { said: { chat: person.id } });
    return this.update({ message: messageOf(person, Number(Reflect.get(said, "message_id")), fields) });
  }

  async presses(
    person: Person,
    data = "x",
    chat: Record<string, unknown> = { id: person.id, type: "private", first_name: person.first_name },
  ): Promise<Update> {
    await this.open(person);
    const id = crypto.randomUUID();
    await this.#control("POST", { callback: id });
    return this.update({
      callback_query: { id, from: userOf(person), chat_instance: "1", message: { message_id: 1, date: 1, chat }, data },
    });
  }

  update(kind: Record<string, unknown>): Update {
    return { update_id: updates++, ...kind };
  }

  async #control(method: string, body: unknown): Promise<object> {
    const response = await fetch(`${this.root}/control/${encodeURIComponent(this.token)}`, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The Telegram server answered ${response.status} to a control request.`);
    return response.json<object>();
  }
}

export const userOf = (person: Person) => ({ is_bot: false, language_code: "en", ...person });

/** A message in a person's private chat with the bot, with the fields that Telegram always sets. */
export const messageOf = (person: Person, messageId: number, fields: Record<string, unknown>) => ({
  message_id: messageId,
  from: userOf(person),
  chat: { type: "private", ...person },
  date: 1_795_000_000 + messageId,
  ...fields,
});
