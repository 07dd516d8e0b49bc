import { z } from "zod";
import type { MemoryStore } from "../db/object/memories.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { Log } from "../log.ts";
import { ModelError } from "../models/model-error.ts";
import type { ArchivedMessage } from "./archive.ts";
import { type Extractor, type Found, messageWith, quietly, vouchedFor } from "./extraction.ts";
import { LAST_PASS, type Memory } from "./memory.ts";
import type { StoredMemory } from "./stored-memory.ts";

export interface QuietPassDeps {
  messages: {
    /** Chat messages of every conversation after a number that were not taken back, in order. */
    archiveAfter(seq: number, limit: number): ArchivedMessage[];
    archived(ids: readonly string[]): ArchivedMessage[];
    get(id: string): { channel: string } | null;
    lastSeq(): number;
  };
  memory: Pick<Memory, "remember" | "end" | "recall">;
  store: Pick<MemoryStore, "get" | "always">;
  settings: {
    read<T>(key: string, schema: z.ZodType<T>): T | null;
    write(key: string, value: unknown, now: number): void;
    delete(key: string): void;
    user(): { memoryQuiet: boolean };
  };
  /** How it is done now: by a model, or by rules where none is configured. */
  extractor(): Extractor;
  /** Takes stored secrets out of texts before a model reads them. */
  scrub(texts: readonly string[]): Promise<string[]>;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  log: Log;
  now(): number;
}

/** The last message that was looked at. */
const SEEN = "memory_seen";
/** What was tried and did not come to its end. */
const TRIED = "memory_tried";
const Tried = z.object({ count: z.number(), notBefore: z.number() });

/** So long nothing has been said: then a conversation is over for now. */
export const IDLE_MS = 120_000;
/** So many new messages are looked at while it goes on. */
export const MANY = 20;
/** Characters of conversation in one call, and of one message. */
const BATCH_CHARS = 12_000;
const MESSAGE_CHARS = 4_000;
const BATCH_MESSAGES = 200;
/** Memories that are shown beside it. */
const RELATED = 20;
/** Starts of one batch that crashes may take at once; failures of the model wait, longer every time. */
const FREE_TRIES = 2;
const AGAIN_MS = 15 * 60_000;
const AGAIN_MOST_MS = 6 * 3_600_000;

/**
 * Remembers by itself what was said: after a conversation it reads what is new in it, once. What was found and how far was read are written in one transaction, so an end at any moment
 * repeats a call to a model at most, never what came of it. Where nothing is new it calls nobody.
 */
export class QuietPass {
  constructor(private readonly deps: QuietPassDeps) {}

  /** Looks through what is due. When to come again; null: when something is said. */
  async run(): Promise<number | null> {
    const { settings, messages, now } = this.deps;
    if (!settings.user().memoryQuiet) {
      // What is said while it is switched off is not read later either.
      if (this.#seen() < messages.lastSeq()) settings.write(SEEN, messages.lastSeq(), now());
      return null;
    }
    for (;;) {
      const next = this.#next();
      if (next === null) return null;
      if ("waitUntil" in next) return next.waitUntil;
      if ("pass" in next) {
        settings.write(SEEN, next.pass, now());
        continue;
      }
      const failedUntil = await this.#pass(next.batch);
      if (failedUntil !== null) return failedUntil;
    }
  }

  /** Whether a call would be made now. */
  due(): boolean {
    if (!this.deps.settings.user().memoryQuiet) return false;
    const next = this.#next();
    return next !== null && "batch" in next;
  }

  #seen(): number {
    return this.deps.settings.read(SEEN, z.number()) ?? 0;
  }

  #next(): { batch: ArchivedMessage[] } | { waitUntil: number } | { pass: number } | null {
    const { messages, settings, now } = this.deps;
    const all = messages.archiveAfter(this.#seen(), BATCH_MESSAGES);
    const waiting = all.findIndex(({ queued }) => queued);
    const fresh = all.slice(0, waiting === -1 ? undefined : waiting);
    const last = fresh.at(-1);
    if (!fresh.some(isTyped)) return last !== undefined && fresh.length === BATCH_MESSAGES ? { pass: last.seq } : null;
    const idleAt = (fresh.at(-1)?.createdAt ?? 0) + IDLE_MS;
    const notBefore = settings.read(TRIED, Tried)?.notBefore ?? 0;
    if (notBefore > now()) return { waitUntil: notBefore };
    if (idleAt > now() && fresh.length < MANY) return { waitUntil: idleAt };
    let size = 0;
    const over = fresh.findIndex(({ text }, index) => {
      size += Math.min(text.length, MESSAGE_CHARS) + 20;
      return index > 0 && size > BATCH_CHARS;
    });
    return { batch: fresh.slice(0, over === -1 ? undefined : over) };
  }

  /** null: done; else until when it has to wait. */
  async #pass(batch: readonly ArchivedMessage[]): Promise<number | null> {
    const { settings, extractor, log, now } = this.deps;
    const tried = settings.read(TRIED, Tried) ?? { count: 0, notBefore: 0 };
    const count = tried.count + 1;
    // Before the call: one that ends the object every time must not do so again and again.
    const later = now() + Math.min(AGAIN_MOST_MS, AGAIN_MS * 2 ** Math.max(0, count - FREE_TRIES - 1));
    settings.write(TRIED, { count, notBefore: count > FREE_TRIES ? later : 0 }, now());
    let found: Found[] = [];
    try {
      const shown = await this.#shown(batch);
      if (shown.some(({ role }) => role === "user")) found = await extractor()({ messages: shown, known: await this.#related(shown) });
    } catch (error) {
      if (!(error instanceof ModelError) && !isAbort(error)) throw error;
      log("quiet_pass_put_off", { error: error instanceof ModelError ? error.kind : "timeout" }, "warn");
      settings.write(TRIED, { count, notBefore: later }, now());
      return later;
    }
    this.#keep(batch, found);
    return null;
  }

  /** Clean text only: what the user typed, and answers that read nothing from outside. */
  async #shown(batch: readonly ArchivedMessage[]): Promise<ArchivedMessage[]> {
    const clean = batch.filter(
      (message) =>
        isTyped(message) || (message.role === "assistant" && message.text.trim() !== "" && !message.tainted && !isImported(message)),
    );
    const texts = await this.deps.scrub(clean.map(({ text }) => text.slice(0, MESSAGE_CHARS)));
    return clean.map((message, index) => ({ ...message, text: texts[index] ?? "" }));
  }

  async #related(shown: readonly ArchivedMessage[]): Promise<StoredMemory[]> {
    const { memory, store } = this.deps;
    const said = shown.filter(({ role }) => role === "user");
    const hits = await memory.recall(
      said
        .map(({ text }) => text)
        .join("\n")
        .slice(-2_000),
      { limit: RELATED, spaces: ["memory"], past: false },
    );
    const ids = new Set([...hits.map(({ id }) => id), ...store.always().map(({ id }) => id)]);
    return [...ids]
      .flatMap((id) => store.get(id) ?? [])
      .filter(({ tainted, superseded_at }) => !tainted && superseded_at === null)
      .slice(0, RELATED * 2);
  }

  /** Writes what was found, and how far was read, as one. */
  #keep(batch: readonly ArchivedMessage[], found: readonly Found[]): void {
    const { settings, audit, messages, transaction, now } = this.deps;
    transaction(() => {
      // As they are now: what was forgotten or taken back since is not remembered.
      const current = messages.archived(batch.map(({ id }) => id));
      const changes = vouchedFor(found, current).filter((one) => this.#apply(one, current)).length;
      settings.write(SEEN, batch.at(-1)?.seq ?? this.#seen(), now());
      settings.write(LAST_PASS, now(), now());
      settings.delete(TRIED);
      if (changes > 0)
        audit({
          kind: "config",
          event: "remembered",
          actor: "agent",
          summary: `${changes === 1 ? "1 change" : `${changes} changes`} of what is remembered, from the conversation`,
        });
    });
  }

  /** Whether anything changed by it. */
  #apply(one: Found, messages: readonly ArchivedMessage[]): boolean {
    const { memory, store } = this.deps;
    const said = messageWith(one.quote, messages);
    if (said === null) return false;
    const source = { messageId: said.id, channel: this.deps.messages.get(said.id)?.channel ?? null };
    const target = one.op === "add" ? null : store.get(one.id);
    const live = target !== null && target.superseded_at === null && !target.tainted ? target : null;
    switch (one.op) {
      case "add":
        return !memory.remember(quietly(one, one.expiresAt, source)).known;
      case "supersede":
        return !memory.remember(quietly(one, null, source), { takesPlaceOf: live === null ? [] : [live.id] }).known;
      case "merge":
        if (live !== null)
          memory.remember({ ...quietly({ ...live, quote: one.quote, aboutAt: live.about_at }, live.expires_at, source), kind: live.kind });
        return false;
      case "drop":
        // What the user wants kept they end themself.
        if (live === null || live.pinned) return false;
        memory.end(live.id);
        return true;
    }
  }
}

/** What was brought along from elsewhere was not said now, and its memories came with it. */
const isImported = ({ conversationId }: ArchivedMessage): boolean => conversationId.startsWith("import:");
const isTyped = (message: ArchivedMessage): boolean => message.role === "user" && message.text.trim() !== "" && !isImported(message);
const isAbort = (error: unknown): boolean => error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
