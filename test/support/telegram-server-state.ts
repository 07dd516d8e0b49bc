import type { SentEntity } from "./telegram-api/entities.ts";

/** A message as the person's app shows it. */
export interface ShownMessage {
  message_id: number;
  chat_id: number;
  date: number;
  text: string;
  entities: SentEntity[];
  reply_to: number | null;
  thread: number | null;
  /** How often it was edited. */
  edits: number;
  /** Set when the bot took it away. */
  deleted: boolean;
}

/** One call of a method, as it came. */
export interface ReceivedCall {
  method: string;
  params: Record<string, unknown>;
  /** UTC ms. */
  at: number;
  status: number;
}

/** What happens to the next calls. The first fault whose `method` fits (or has none) is used `times` times (default 1). */
export interface Fault {
  method?: string;
  times?: number;
  /** Answer with this code and description instead of working. */
  error?: { code: number; description: string; retryAfter?: number };
  /** Answer with this HTTP status and text that is not JSON. */
  garbage?: { status: number; body: string };
  /** Break the connection: `before` the call had its effect, or `after`. */
  drop?: "before" | "after";
  /** Milliseconds until the answer. */
  delayMs?: number;
}

export interface StoredFile {
  file_id: string;
  file_unique_id: string;
  bytes: Uint8Array<ArrayBuffer>;
  file_path: string;
  /** What `getFile` says, when it differs from the bytes there are. */
  size: number;
}

export interface Chat {
  id: number;
  type: "private" | "group" | "supergroup" | "channel";
  /** The person blocked the bot, or their account is gone. */
  state: "open" | "blocked" | "deactivated";
  /** Messages of the person, which can be answered. */
  theirs: Set<number>;
  messages: Map<number, ShownMessage>;
  /** When "typing …" was asked for, UTC ms. */
  typing: number[];
}

/** One bot and everything that happened to it. */
export class BotState {
  readonly chats = new Map<number, Chat>();
  readonly files = new Map<string, StoredFile>();
  readonly calls: ReceivedCall[] = [];
  /** What the real server would have changed without saying so. */
  readonly warnings: string[] = [];
  readonly faults: Fault[] = [];
  readonly callbacks = new Set<string>();
  readonly answeredCallbacks: string[] = [];
  webhook: { url: string; secret_token: string; allowed_updates: string[]; drop_pending_updates: boolean } | null = null;
  commands: { command: string; description: string }[] = [];
  #nextMessage = 1;

  constructor(
    readonly token: string,
    readonly username: string,
    readonly firstName: string,
  ) {}

  get id(): number {
    return Number(this.token.split(":")[0]);
  }

  /** Ids are counted per bot, over all its private chats, as Telegram does. */
  nextMessageId(): number {
    return this.#nextMessage++;
  }

  chat(id: number): Chat {
    const known = this.chats.get(id);
    if (known) return known;
    const type = id > 0 ? "private" : "group";
    const chat: Chat = { id, type, state: "open", theirs: new Set(), messages: new Map(), typing: [] };
    this.chats.set(id, chat);
    return chat;
  }

  takeFault(method: string): Fault | null {
    const index = this.faults.findIndex((fault) => fault.method === undefined || fault.method.toLowerCase() === method.toLowerCase());
    const fault = this.faults[index];
    if (!fault) return null;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.faults.splice(index, 1);
    return fault;
  }

  user() {
    return { id: this.id, is_bot: true, first_name: this.firstName, username: this.username };
  }
}

/** A refusal in the Bot API's form. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly retryAfter?: number,
  ) {
    super(description);
  }
}

export const badRequest = (text: string): Refusal => new Refusal(400, `Bad Request: ${text}`);
