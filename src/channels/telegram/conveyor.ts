import type { Api } from "grammy/web";
import type { DeliveryContext, ReplyFile } from "../channel.ts";
import { bodyHash } from "../body-hash.ts";
import { sizeOf } from "../../workspace/size-of.ts";
import { type ApiFailure, failureOf } from "./api.ts";
import { type DeliveryState, readState } from "./delivery-state.ts";
import type { FormattedText } from "./formatted.ts";
import { plainReply } from "./format-reply.ts";
import { isPhoto, MAX_SENT_FILE, sendFile } from "./send-file.ts";
import type { TelegramTarget } from "./read-update.ts";

/** A failure that {@link Conveyor} cannot mend by itself. */
export type Stop = Extract<ApiFailure, { kind: "refused" | "retry" }>;

const NOTHING_TO_SHOW = "(This answer holds nothing that Telegram can show.)";

/**
 * Makes the messages of one reply look as they should: sends those that are not there, edits those that differ. The same for a growing
 * reply and the final one, and for every retry: what was confirmed is in `state` and is not sent again.
 */
export class Conveyor {
  readonly #api: Api;
  readonly #target: TelegramTarget;
  readonly #context: DeliveryContext;
  #state: DeliveryState;
  #withThread = true;

  constructor(api: Api, target: TelegramTarget, context: DeliveryContext, saved: unknown) {
    this.#api = api;
    this.#target = target;
    this.#context = context;
    this.#state = readState(saved);
  }

  /** Messages that are there, or may be. */
  get shown(): number {
    return this.#state.parts.length;
  }

  /** A message was being sent and no answer came: sending it again may show it twice. */
  get uncertain(): boolean {
    return this.#state.parts.some((part) => part.messageId === null);
  }

  get notBefore(): number {
    return this.#state.notBefore;
  }

  /** Brings one message into place. Null: it is there as wanted. */
  async place(index: number, message: FormattedText): Promise<Stop | null> {
    const hash = await hashOf(message);
    const known = this.#state.parts[index];
    if (known && known.messageId !== null && known.hash === hash) return null;
    return known && known.messageId !== null ? this.#edit(known.messageId, index, message, hash) : this.#send(index, message, hash);
  }

  /** Takes away messages past `count`: a growing reply had shown more than the final one has. */
  async dropAfter(count: number): Promise<void> {
    for (const part of this.#state.parts.slice(count))
      if (part.messageId !== null) await this.#attempt(() => this.#api.deleteMessage(this.#target.chatId, part.messageId ?? 0));
    if (this.#state.parts.length > count) this.#save({ parts: this.#state.parts.slice(0, count) });
  }

  /** Whether a file was being sent when the record ends: it may have arrived, or have ended what sent it. */
  wasSending({ id }: ReplyFile): boolean {
    const known = this.#state.files.find((one) => one.id === id);
    return known !== undefined && known.messageId === null && known.left === undefined;
  }

  /** Sends a file that goes with the reply, once. `left`: why it cannot be sent; it is not tried again. */
  async bring(file: ReplyFile): Promise<Stop | { kind: "left"; why: string } | null> {
    const known = this.#state.files.find(({ id }) => id === file.id);
    if (known?.left !== undefined) return { kind: "left", why: known.left };
    if (known !== undefined && known.messageId !== null) return null;
    if (file.size > MAX_SENT_FILE) return this.leave(file, `is too large to send here (${sizeOf(file.size)})`);
    if (file.size === 0) return this.leave(file, "is empty");
    const bytes = await file.read().catch(() => undefined);
    if (bytes === undefined) return { kind: "retry", reason: "A file cannot be read", sent: "no" };
    if (bytes === null) return this.leave(file, "is gone, or was changed meanwhile");
    this.#note({ id: file.id, messageId: null });
    const failure = await this.#upload(file, bytes, isPhoto(file));
    if (failure === null || failure.kind === "retry") return failure;
    // The chat is gone, and not only this file too much for it.
    if (failure.kind === "refused" && failure.code !== 400 && failure.code !== 413) return failure;
    return this.leave(file, "was not taken by Telegram");
  }

  /** Gives a file up. */
  leave({ id }: ReplyFile, why: string): { kind: "left"; why: string } {
    this.#note({ id, messageId: null, left: why });
    return { kind: "left", why };
  }

  async #upload(file: ReplyFile, bytes: Uint8Array, photo: boolean): Promise<ApiFailure | null> {
    let messageId = 0;
    const failure = await this.#attempt(async () => {
      const sent = await sendFile(this.#api, this.#target.chatId, { name: file.name, bytes, photo }, this.#thread());
      messageId = sent.message_id;
    });
    if (failure === null) this.#note({ id: file.id, messageId });
    if (failure?.kind === "thread" && this.#withThread) {
      this.#withThread = false;
      return this.#upload(file, bytes, photo);
    }
    // Not every picture is a photo to Telegram: one that is very long, say.
    const asDocument = photo && failure !== null && failure.kind !== "retry" && !(failure.kind === "refused" && failure.code === 403);
    return asDocument ? this.#upload(file, bytes, false) : failure;
  }

  /** Shows "typing …" for five seconds. */
  async typing(): Promise<Stop | null> {
    const failure = await this.#attempt(() => this.#api.sendChatAction(this.#target.chatId, "typing", this.#thread()));
    return failure?.kind === "refused" || failure?.kind === "retry" ? failure : null;
  }

  async #edit(messageId: number, index: number, message: FormattedText, hash: string): Promise<Stop | null> {
    const failure = await this.#attempt(() => this.#api.editMessageText(this.#target.chatId, messageId, message.text, formatting(message)));
    if (failure === null || failure.kind === "unchanged") {
      this.#confirm(index, messageId, hash);
      return null;
    }
    if (failure.kind === "lost" || failure.kind === "thread") return this.#send(index, message, hash);
    return this.#mend(failure, message, (plain) => this.#edit(messageId, index, plain, hash));
  }

  async #send(index: number, message: FormattedText, hash: string): Promise<Stop | null> {
    this.#confirm(index, null, hash);
    let messageId = 0;
    const failure = await this.#attempt(async () => {
      const sent = await this.#api.sendMessage(this.#target.chatId, message.text, {
        ...formatting(message),
        ...this.#thread(),
        ...(index === 0 ? this.#replyParameters() : {}),
      });
      messageId = sent.message_id;
    });
    if (failure === null) {
      this.#confirm(index, messageId, hash);
      return null;
    }
    if (failure.kind === "thread" && this.#withThread) {
      this.#withThread = false;
      return this.#send(index, message, hash);
    }
    const outcome = await this.#mend(failure, message, (plain) => this.#send(index, plain, hash));
    // Certainly not sent, so nothing is shown there.
    const never = outcome !== null && !(outcome.kind === "retry" && outcome.sent === "unknown");
    if (never && index === this.#state.parts.length - 1) this.#save({ parts: this.#state.parts.slice(0, index) });
    return outcome;
  }

  /** Formatting that Telegram refuses is left out; a text that shows nothing is replaced by a sentence. Once each. */
  async #mend(failure: ApiFailure, message: FormattedText, again: (plain: FormattedText) => Promise<Stop | null>): Promise<Stop | null> {
    if (failure.kind === "refused" || failure.kind === "retry") return failure;
    if (failure.kind === "entities" && message.entities.length > 0) return again({ ...message, entities: [] });
    if (failure.kind === "empty" && message.text !== NOTHING_TO_SHOW) return again({ text: NOTHING_TO_SHOW, entities: [] });
    return { kind: "refused", code: 400, reason: `Telegram does not take the message (${failure.kind})` };
  }

  async #attempt(call: () => Promise<unknown>): Promise<ApiFailure | null> {
    try {
      await call();
      return null;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "retry" && failure.afterMs !== undefined) this.#save({ notBefore: this.#context.now() + failure.afterMs });
      return failure;
    }
  }

  #thread(): { message_thread_id?: number } {
    return this.#withThread && this.#target.threadId !== undefined ? { message_thread_id: this.#target.threadId } : {};
  }

  #replyParameters() {
    const { messageId } = this.#target;
    return messageId === undefined ? {} : { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
  }

  #confirm(index: number, messageId: number | null, hash: string): void {
    this.#save({ parts: this.#state.parts.toSpliced(index, 1, { messageId, hash }) });
  }

  #note(file: DeliveryState["files"][number]): void {
    this.#save({ files: [...this.#state.files.filter(({ id }) => id !== file.id), file] });
  }

  #save(change: Partial<DeliveryState>): void {
    this.#state = { ...this.#state, ...change };
    this.#context.save(this.#state);
  }
}

/**
 * No link previews: Telegram fetches a previewed address by itself, so an address that a tricked model made up would carry data out
 * without anybody's click.
 */
const formatting = ({ entities, keyboard }: FormattedText) => ({
  entities,
  link_preview_options: { is_disabled: true },
  ...(keyboard === undefined ? {} : { reply_markup: { inline_keyboard: keyboard } }),
});

const hashOf = async (message: FormattedText): Promise<string> => (await bodyHash(message)).slice(0, 32);

/** A sentence of Margay's own as one message. */
export const sentence = (text: string): FormattedText => plainReply(text)[0] ?? { text: NOTHING_TO_SHOW, entities: [] };
