import type { ForgottenStore } from "../db/object/forgotten.ts";
import type { MemoryStore } from "../db/object/memories.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import { z } from "zod";
import { MargayError } from "../errors.ts";
import { concerns } from "./concerns.ts";
import { Forgetting } from "./forgetting.ts";
import { knownDestinations } from "./known-destinations.ts";
import { type ProfileBlock, profileOf } from "./profile.ts";
import { Recall, type RecallDeps, type Recalled, type RecallOptions } from "./recall.ts";
import type { RecordSync } from "./record-sync.ts";
import type { UserRecord } from "./record.ts";
import { type Remembered, Remembering } from "./remembering.ts";
import { Restoring } from "./restoring.ts";
import type { SearchIndex, Space } from "./search.ts";
import type { Forgotten, MemoryInput, MemoryPage, MemoryPatch, MemoryQuery, MemoryStatus, MemoryView, RecallHit } from "./shapes.ts";
import { holds, type NewMemory, type StoredMemory, viewOf } from "./stored-memory.ts";

export interface MemoryDeps {
  store: MemoryStore;
  forgotten: ForgottenStore;
  index: SearchIndex;
  record: UserRecord;
  sync: Pick<RecordSync, "flush" | "waiting">;
  settings: {
    read<T>(key: string, schema: z.ZodType<T>): T | null;
    note(key: string, value: unknown, now: number): void;
    user(): { memoryQuiet: boolean };
  };
  /** Takes words out of the conversation archive: see `Forgetting`. */
  redact(texts: readonly { text: string; quote: string | null }[]): number;
  /** Looks through the skills that the agent wrote: see `Forgetting`. */
  inSkills(texts: readonly { text: string; quote: string | null }[]): string[];
  busy(): boolean;
  place: RecallDeps["place"];
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  background(work: Promise<unknown>): void;
  /** Something is left to do soon: the object wakes for it. */
  wake(): void;
  now(): number;
  timeZone(): string;
}

/** Who changes something, for the trail. */
export interface By {
  actor: "user" | "agent";
  channel: string | null;
}

/** When the conversation was last read for what to remember. */
export const LAST_PASS = "memory_last_pass";
/** A find that enters the context by itself has at least this share of the best one's score. */
const RELEVANT_SHARE = 0.45;
const RELEVANT_MOST = 8;
/** Somebody waits for the turn. */
const RELEVANT_WAIT_MS = 250;
/** Finds shown for a search on the page. */
const SEARCHED = 200;

/** What the agent remembers about its user. Made for one user: it has no way to name another. */
export class Memory {
  readonly #deps: MemoryDeps;
  readonly #remembering: Remembering;
  readonly #forgetting: Forgetting;
  readonly #restoring: Restoring;
  readonly #recall: Recall;
  #always: { version: number; profile: ProfileBlock; known: string[] } | null = null;

  constructor(deps: MemoryDeps) {
    this.#deps = deps;
    this.#remembering = new Remembering(deps);
    this.#forgetting = new Forgetting({ ...deps, flush: () => deps.sync.flush() });
    this.#restoring = new Restoring(deps);
    this.#recall = new Recall(deps);
  }

  async list(query: MemoryQuery): Promise<MemoryPage> {
    const { store, now } = this.#deps;
    const counts = store.counts(now());
    if (query.search === undefined) {
      const { memories, next } = store.page(query, now());
      return { memories: memories.map(viewOf), next, counts };
    }
    const found = await this.#recall.find(query.search, { limit: SEARCHED, spaces: ["memory"], past: true });
    const memories = found
      .flatMap(({ memory }) => memory ?? [])
      .filter((memory) => query.state === "all" || holds(memory, now()) === (query.state === "current"))
      .filter(({ kind }) => query.kind === undefined || kind === query.kind)
      .slice(0, query.limit);
    return { memories: memories.map(viewOf), next: null, counts };
  }

  /** The same for a chat, each with its number and where it is from. */
  async numbered(words: string | null, limit: number): Promise<{ number: number; memory: MemoryView; from: string }[]> {
    const { memories } = await this.list({ state: "current", limit, ...(words === null ? {} : { search: words }) });
    return memories.map((memory) => ({ number: this.#deps.store.numberOf(memory.id), memory, from: this.#recall.from(memory) }));
  }

  /** By the number that a person sees. */
  idOf(number: number): string {
    const memory = this.#deps.store.numbered(number);
    if (memory === null) throw new MargayError("not_found", `There is no memory number ${number}. /memory shows them.`);
    return memory.id;
  }

  /** Past ones too. */
  count(): number {
    return this.#deps.store.count();
  }

  get(id: string): MemoryView {
    return viewOf(this.#existing(id));
  }

  /** The user writes it down themself. */
  write(input: MemoryInput, by: By): MemoryView {
    const { memory, known } = this.#remembering.write(input, by.channel ?? "web");
    if (!known) this.#tell("remembered", memory.id, "1 memory written down", by);
    this.#changed();
    return viewOf(memory);
  }

  update(id: string, patch: MemoryPatch, by: By): MemoryView {
    const memory = this.#remembering.change(id, patch, by.channel ?? "web");
    this.#tell("changed", memory.id, "1 memory changed", by);
    this.#changed();
    return viewOf(memory);
  }

  pin(id: string, pinned: boolean, by: By): MemoryView {
    return this.update(id, { pinned }, by);
  }

  /** What is learned from a conversation or brought along. Inside a transaction it is part of it. */
  remember(memory: NewMemory, options: { key?: string | null; takesPlaceOf?: readonly string[] } = {}): Remembered {
    const remembered = this.#remembering.add(memory, options);
    this.#changed();
    return remembered;
  }

  /** It holds no more. */
  end(id: string): void {
    this.#remembering.end(id);
    this.#changed();
  }

  takeBack(id: string, updatedAt: number): void {
    this.#remembering.takeBack(id, updatedAt);
    this.#changed();
  }

  /** One with its earlier forms, or (null) all of it. */
  async forget(id: string | null, by: By, key: string | null = null): Promise<Forgotten> {
    const result = await this.#forgetting.forget(id, key);
    this.#restoring.noteCount();
    this.#tell("forgotten", id, result.memories === 1 ? "1 memory forgotten" : `${result.memories} memories forgotten`, by);
    if (this.#forgetting.waiting() > 0) this.#deps.wake();
    return result;
  }

  /** How many a tool call has begun to forget before. */
  forgottenBy(key: string): number {
    return this.#deps.forgotten.ofCall(key);
  }

  status(): MemoryStatus {
    const { index, sync, settings } = this.#deps;
    return {
      index: index.progress(),
      last_pass_at: settings.read(LAST_PASS, z.number()),
      unsaved: sync.waiting() + this.#forgetting.waiting(),
      quiet: settings.user().memoryQuiet,
    };
  }

  /** All of it, oldest first, with what was superseded. */
  export(): MemoryView[] {
    const { store } = this.#deps;
    const all: MemoryView[] = [];
    for (let some = store.after(0, 500); some.length > 0;) {
      all.push(...some.map(viewOf));
      const last = some.at(-1);
      some = last ? store.after(store.numberOf(last.id), 500) : [];
    }
    return all;
  }

  async recall(text: string, options: RecallOptions & { use?: boolean }): Promise<RecallHit[]> {
    const found = await this.#recall.find(text, options);
    if (options.use) this.#use(found);
    return found.map(({ why: _why, memory: _memory, ...hit }) => hit);
  }

  /**
   * What fits what was said, for the context, within so many characters: best first, without what is in the context always, and only what fits about as well as the best. They count as
   * used. Sent back with why each is there.
   */
  async relevant(text: string, budgetChars: number, spaces: readonly Space[] = ["memory"]): Promise<(RecallHit & { why: string })[]> {
    const always = new Set(this.profile().ids);
    const found = (await this.#recall.find(text, { limit: RELEVANT_MOST * 2, spaces, waitMs: RELEVANT_WAIT_MS })).filter(
      ({ id, why }) => !always.has(id) && why.length > 0,
    );
    const best = found[0]?.score ?? 0;
    let left = budgetChars;
    const fitting = found
      .filter(({ score }) => score >= best * RELEVANT_SHARE)
      // Nearly everything lies in "today": the time counts for what has one of its own.
      .filter(({ text: known, why, memory }) => concerns(text, known) || (why.includes("time") && memory?.about_at !== null))
      .slice(0, RELEVANT_MOST)
      .filter((hit) => {
        const size = hit.text.length + hit.from.length + 8;
        if (size > left) return false;
        left -= size;
        return true;
      });
    this.#use(fitting);
    return fitting.map(({ why, memory, ...hit }) => ({
      ...hit,
      why: memory?.superseded_at === null ? `fits: ${why.join(", ")}` : `how it was: ${why.join(", ")}`,
    }));
  }

  /** The block that is in every context. The same bytes while nothing in it changes. */
  profile(): ProfileBlock {
    return this.#cached().profile;
  }

  /** Addresses that count as the user's word. */
  knownDestinations(): string[] {
    return this.#cached().known;
  }

  /** What waits, done as far as it goes: what is being forgotten, what was lost, what has expired, what the record has not got. When to come again; null: nothing is left. */
  async upkeep(): Promise<number | null> {
    const { sync, now, store } = this.#deps;
    let again = false;
    if (this.#forgetting.waiting() > 0) {
      const { verified } = await this.#forgetting.finish();
      // The end of what runs comes back to it: a task may wait for a person for days.
      again = !verified || (this.#forgetting.waiting() > 0 && !this.#deps.busy());
    }
    await this.#restoring.restore();
    this.#restoring.reindex();
    while (this.#remembering.expire() > 0);
    this.#restoring.noteCount();
    if (!(await sync.flush())) again = true;
    const expiry = store.nextExpiry();
    const soon = again ? now() + AGAIN_MS : null;
    return soon === null ? expiry : expiry === null ? soon : Math.min(soon, expiry);
  }

  /** A turn ended: what it said of something that is being forgotten is taken out too. */
  turnEnded(): void {
    if (this.#forgetting.waiting() > 0) this.#deps.background(this.#forgetting.finish());
  }

  /** Whether there is something to do that cannot wait for the next change. */
  unfinished(): boolean {
    return this.#forgetting.waiting() > 0 || this.#restoring.needed() || this.#deps.sync.waiting() > 0;
  }

  #cached(): { profile: ProfileBlock; known: string[] } {
    const { store, now } = this.#deps;
    if (this.#always?.version !== store.version)
      this.#always = {
        version: store.version,
        profile: profileOf(store.always().filter((memory) => holds(memory, now()))),
        known: knownDestinations(store.asked().filter((memory) => holds(memory, now()))),
      };
    return this.#always;
  }

  #use(found: readonly Recalled[]): void {
    const ids = found.flatMap(({ memory }) => (memory === null ? [] : [memory.id]));
    const { store, transaction, now } = this.#deps;
    if (ids.length > 0) transaction(() => store.touch(ids, now()));
  }

  #existing(id: string): StoredMemory {
    const memory = this.#deps.store.get(id);
    if (memory === null) throw new MargayError("not_found", "There is no such memory.");
    return memory;
  }

  #changed(): void {
    this.#restoring.noteCount();
    const { background, sync } = this.#deps;
    // Not before the transaction that this may be part of has ended: what is undone must not be in the record.
    background(
      Promise.resolve()
        .then(() => sync.flush())
        .then((flushed) => (flushed ? undefined : this.#deps.wake())),
    );
  }

  #tell(event: "remembered" | "changed" | "forgotten", subject: string | null, summary: string, { actor, channel }: By): void {
    this.#deps.audit({ kind: "config", event, actor, channel, subject, summary });
  }
}

/** Until what could not be reached is tried again. */
const AGAIN_MS = 5 * 60_000;
