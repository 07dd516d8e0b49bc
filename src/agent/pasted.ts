import { z } from "zod";
import type { ContentItem, InboundMessage } from "../channels/message.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { SettingStore } from "../db/object/settings.ts";
import { MargayError } from "../errors.ts";
import { findKeys } from "../secrets/key-shapes.ts";
import type { Vault } from "../secrets/vault.ts";
import type { By } from "./configuration.ts";
import { SECRET_NAME } from "./secrets.ts";

/** What was taken out of a message and is kept aside until the user says what it is. */
export interface Held {
  /** Short, for the commands. */
  number: number;
  /** What kind of key it looks like. */
  kind: string;
  /** What stands in its place. */
  placeholder: string;
  /** UTC milliseconds. */
  at: number;
}

const HeldRow = z.object({ kind: z.string(), placeholder: z.string(), at: z.number(), mark: z.string() });

export interface PastedDeps {
  vault: Vault;
  settings: SettingStore;
  messages: MessageStore;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  /** A mark of a text that tells nothing to who does not have the user's key. */
  mark(text: string): string;
  now(): number;
}

/** Kept aside for a day; then it is forgotten. */
const KEPT_MS = 24 * 3_600_000;
const PREFIX = "pasted:";
const NEXT = "pasted_next";
/** More in one message are taken out all the same, but not kept. */
const MAX_HELD = 10;

/**
 * Keys that a user pastes into the chat: taken out before the message is stored, so that neither the transcript nor a model ever has them, and kept in the vault until the user
 * says whether they are to stay there, to be forgotten, or were no secrets.
 */
export class Pasted {
  constructor(private readonly deps: PastedDeps) {}

  /** The message without what looks like a key, and what was taken out. The very same message when there is nothing. */
  async take(message: InboundMessage): Promise<{ message: InboundMessage; held: Held[] }> {
    const texts = [message.text, ...message.content.map(textOf)];
    if (texts.every((text) => findKeys(text).length === 0)) return { message, held: [] };
    const held: Held[] = [];
    const text = await this.#redact(message.text, held);
    const content: ContentItem[] = [];
    for (const item of message.content) content.push(item.kind === "file" ? item : { ...item, text: await this.#redact(item.text, held) });
    return { message: { ...message, text, content }, held };
  }

  /** What is kept aside, oldest first. */
  list(): Held[] {
    return this.deps.settings
      .keys(PREFIX)
      .flatMap((key) => {
        const row = this.deps.settings.read(key, HeldRow);
        if (row === null) return [];
        const { kind, placeholder, at } = row;
        return [{ kind, placeholder, at, number: Number(key.slice(PREFIX.length)) }];
      })
      .toSorted((a, b) => a.number - b.number);
  }

  /** Into the vault, under a name. No tool may use it until the user says where it may go. */
  async save(number: number, name: string, by: By): Promise<Held> {
    const held = this.#one(number);
    if (!SECRET_NAME.test(name))
      throw new MargayError("invalid_request", "A name has 1 to 64 lower-case letters, digits, dots, - or _, such as github.");
    if (this.deps.vault.list().some((entry) => entry.name === name))
      throw new MargayError("conflict", `There is a secret named ${name} already. Choose another name, or delete that one first.`);
    await this.deps.vault.put(name, await this.#value(number));
    this.#forget(number);
    this.deps.audit({
      kind: "secret",
      event: "stored",
      actor: by.author,
      channel: by.channel,
      subject: name,
      summary: `Secret ${name} stored`,
    });
    return held;
  }

  /** Forgotten; the transcript keeps the placeholder. */
  discard(number: number, by: By): Held {
    const held = this.#one(number);
    this.#forget(number);
    this.deps.audit({
      kind: "secret",
      event: "discarded",
      actor: by.author,
      channel: by.channel,
      subject: `${PREFIX}${number}`,
      summary: `${held.kind} discarded`,
    });
    return held;
  }

  /** It was no secret: the message gets its text back. */
  async restore(number: number, by: By): Promise<Held> {
    const held = this.#one(number);
    const value = await this.#value(number);
    this.deps.transaction(() => {
      this.deps.messages.replaceEverywhere(held.placeholder, value);
      this.#forget(number);
      this.deps.audit({
        kind: "secret",
        event: "restored",
        actor: by.author,
        channel: by.channel,
        subject: `${PREFIX}${number}`,
        summary: `${held.kind} put back into the chat`,
      });
    });
    return held;
  }

  /** Forgets what nobody asked for. */
  tidy(): void {
    for (const { number, at } of this.list()) if (at <= this.deps.now() - KEPT_MS) this.#forget(number);
  }

  async #redact(text: string, held: Held[]): Promise<string> {
    let redacted = "";
    let from = 0;
    for (const { name, value, index } of findKeys(text)) {
      redacted += text.slice(from, index) + (await this.#hold(name, value, held));
      from = index + value.length;
    }
    return redacted + text.slice(from);
  }

  /** Keeps a value aside; gives what stands in its place. */
  async #hold(kind: string, value: string, held: Held[]): Promise<string> {
    if (held.length >= MAX_HELD) return `[${kind} taken out]`;
    const { settings, vault, now } = this.deps;
    // The same key pasted again, as by an edit of the message, is the same.
    const mark = this.deps.mark(value);
    const again = settings
      .keys(PREFIX)
      .map((key) => settings.read(key, HeldRow))
      .find((row) => row?.mark === mark);
    if (again) return again.placeholder;
    const number = settings.read(NEXT, z.number()) ?? 1;
    settings.write(NEXT, number + 1, now());
    const one: Held = { number, kind, placeholder: `[${kind} taken out, kept aside as number ${number}]`, at: now() };
    settings.write(`${PREFIX}${number}`, { kind, placeholder: one.placeholder, at: one.at, mark }, now());
    await vault.put(`${PREFIX}${number}`, value);
    held.push(one);
    return one.placeholder;
  }

  #one(number: number): Held {
    const held = this.list().find((one) => one.number === number);
    if (held === undefined) throw new MargayError("not_found", `Nothing is kept aside as number ${number}. After a day it is forgotten.`);
    return held;
  }

  async #value(number: number): Promise<string> {
    const value = await this.deps.vault.get(`${PREFIX}${number}`);
    if (value === null) throw new MargayError("not_found", `Nothing is kept aside as number ${number} any more.`);
    return value;
  }

  #forget(number: number): void {
    this.deps.vault.delete(`${PREFIX}${number}`);
    this.deps.settings.delete(`${PREFIX}${number}`);
  }
}

const textOf = (item: ContentItem): string => (item.kind === "file" ? "" : item.text);

/** The offer that follows a message out of which something was taken. Markdown. */
export function offerText(held: readonly Held[]): string {
  const lines = held.map(
    ({ number, kind }) =>
      `- ${kind}: \`/secrets save ${number} a-name\` keeps it in your vault, \`/secrets discard ${number}\` forgets it, \`/secrets restore ${number}\` if it is no secret.`,
  );
  const what = held.length === 1 ? "what looks like a secret" : `${held.length} things that look like secrets`;
  return `I took ${what} out of your message: neither this chat nor a model has it.\n\n${lines.join("\n")}\n\nAfter a day I forget it. Passing it to me safely: Settings → Secrets on the page.`;
}
