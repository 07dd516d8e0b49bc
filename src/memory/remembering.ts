import type { MemoryChange, MemoryStore } from "../db/object/memories.ts";
import { MargayError } from "../errors.ts";
import { askedBy } from "./attributes.ts";
import type { SearchEntry, SearchIndex } from "./search.ts";
import type { MemoryInput, MemoryPatch } from "./shapes.ts";
import { statementOf } from "./statement.ts";
import type { NewMemory, StoredMemory } from "./stored-memory.ts";

export interface RememberingDeps {
  store: MemoryStore;
  index: SearchIndex;
  /** Runs synchronous writes as one. */
  transaction<T>(work: () => T): T;
  now(): number;
}

/** What became of something that was to be remembered. */
export interface Remembered {
  memory: StoredMemory;
  /** It was known already, in these words or in others that say the same. */
  known: boolean;
  /** The memories whose place it took. */
  superseded: string[];
}

/** As the search index has it. */
export const entryOf = ({ id, text, about_at, created_at }: StoredMemory): SearchEntry => ({
  space: "memory",
  id,
  text,
  heading: askedBy(text),
  group: null,
  position: 0,
  at: about_at ?? created_at,
});

/** The words that one memory was made of, kept so that they can be forgotten with it. Beyond so many it is told again and again, and one more says nothing new. */
const MAX_QUOTES = 50;

/**
 * Puts what is learned in its place: what is known is not kept twice, what contradicts takes the place of what it contradicts. What content from outside had a part in never takes the
 * place of what the user said. Every change is one transaction over rows, index and the note for the record.
 */
export class Remembering {
  constructor(private readonly deps: RememberingDeps) {}

  /** `key` makes it once. `takesPlaceOf`: known to be contradicted, beside what the rules find. */
  add(memory: NewMemory, { key = null, takesPlaceOf = [] }: { key?: string | null; takesPlaceOf?: readonly string[] } = {}): Remembered {
    const { store, transaction } = this.deps;
    const made = key === null ? null : store.ofCall(key);
    if (made !== null) return { memory: made, known: false, superseded: made.replaces === null ? [] : [made.replaces] };
    return transaction(() => {
      const same = store.saying(statementOf(memory.text).key);
      const others = [...takesPlaceOf.flatMap((id) => store.get(id) ?? []), ...this.#against(memory)].filter(
        ({ id, superseded_at }) => superseded_at === null && id !== same?.id,
      );
      const contradicted = [...new Map(others.map((one) => [one.id, one])).values()].filter((one) => givesWay(one, memory));
      if (same !== null) return this.#again(same, memory, contradicted);
      return this.#insert(memory, key, contradicted);
    });
  }

  /** Of a page or a program: the user wrote it themself. */
  write(input: MemoryInput, channel: string): Remembered {
    const { expires_at, kind } = input;
    if (expires_at !== null && expires_at <= this.deps.now()) throw new MargayError("invalid_request", "That end has passed already.");
    return this.add({
      ...input,
      // What nobody gave an end holds until it is forgotten, and is no note.
      kind: kind === "ephemeral" && expires_at === null ? "fact" : kind,
      source: { kind: "page", id: null, quote: null, channel },
      confidence: 1,
      tainted: false,
      asked: true,
    });
  }

  /** A new text takes the place of the old one, unless it says the same in other words. */
  change(id: string, { text, ...fields }: MemoryPatch, channel: string): StoredMemory {
    const { store, transaction, now } = this.deps;
    const before = store.get(id);
    if (before === null) throw new MargayError("not_found", "There is no such memory.");
    if (before.superseded_at !== null)
      throw new MargayError("conflict", "Another memory took its place. Change that one, or forget this one.", {
        by: before.superseded_by,
      });
    const change: MemoryChange = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const kind = change.kind ?? before.kind;
    // A note needs an end, and nothing else has one.
    if (kind !== "ephemeral" && change.expires_at === undefined && before.kind === "ephemeral") change.expires_at = null;
    if (text === undefined || text === before.text) return transaction(() => this.#update(id, change));
    const theirs: NewMemory = {
      ...before,
      ...change,
      text,
      source: { kind: "page", id: null, quote: null, channel },
      confidence: 1,
      tainted: false,
      asked: true,
    };
    return transaction(() => {
      if (statementOf(text).key === statementOf(before.text).key)
        return this.#update(id, {
          ...change,
          text,
          tainted: false,
          asked: true,
          confidence: 1,
          source: { ...before.source, kind: "page", channel },
        });
      const { memory } = this.add(theirs, { takesPlaceOf: [id] });
      return store.update(memory.id, { kind, pinned: memory.pinned || theirs.pinned }, now());
    });
  }

  pin(id: string, pinned: boolean): StoredMemory {
    return this.change(id, { pinned }, "chat");
  }

  /** It holds no more, and nothing took its place: it can still be asked about. */
  end(id: string): StoredMemory {
    const { store, transaction, now } = this.deps;
    return transaction(() => store.update(id, { superseded_at: now() }, now()));
  }

  /** Takes back what was remembered, and puts back what it took the place of, unless something current says or contradicts it by now. */
  takeBack(id: string, updatedAt: number): void {
    const { store, index, transaction, now } = this.deps;
    const memory = store.get(id);
    if (memory === null) throw new MargayError("conflict", "That is not remembered any more.");
    if (memory.updated_at !== updatedAt || memory.superseded_at !== null)
      throw new MargayError("conflict", "That was changed since, so I left it as it is.");
    transaction(() => {
      // The newest before what it contradicts; and content from outside before the user's word, which does not give way to it but may stand beside it.
      const replaced = store
        .chain(id)
        .filter((one) => one.superseded_by === id)
        .toSorted((a, b) => Number(b.tainted) - Number(a.tainted) || store.numberOf(b.id) - store.numberOf(a.id));
      store.delete([id]);
      index.delete("memory", [id]);
      for (const one of replaced) {
        const over = store.saying(statementOf(one.text).key) !== null || this.#against(one).some((other) => givesWay(one, other));
        if (!over) store.update(one.id, { superseded_at: null, superseded_by: null }, now());
      }
    });
  }

  /** Short-lived ones whose end has come are past; long past ones are gone. How many there were. */
  expire(): number {
    const { store, index, transaction, now } = this.deps;
    return transaction(() => {
      const over = store.expired(now(), 200);
      for (const { id, expires_at } of over) store.update(id, { superseded_at: expires_at }, now());
      const old = store.ended(now() - PAST_KEPT_MS, 200).map(({ id }) => id);
      store.delete(old);
      index.delete("memory", old);
      return over.length + old.length;
    });
  }

  /** Current ones that say the opposite, or give the same attribute a value. */
  #against({ text, kind }: Pick<NewMemory, "text" | "kind">): StoredMemory[] {
    const { store } = this.deps;
    const { slot, opposite } = statementOf(text);
    const values = slot === null || kind === "episode" ? [] : store.inSlot(slot).filter((one) => one.kind !== "episode");
    return [...[store.saying(opposite)].flatMap((one) => one ?? []), ...values];
  }

  #insert(memory: NewMemory, key: string | null, contradicted: readonly StoredMemory[]): Remembered {
    const { store, index, now } = this.deps;
    // First out of the way: two current ones may not say the same.
    for (const { id } of contradicted) store.update(id, { superseded_at: now() }, now());
    const [replaced] = contradicted;
    const pinned = memory.pinned || contradicted.some((one) => one.pinned);
    const stored = store.insert({ ...memory, pinned, replaces: replaced?.id ?? null, key, now: now() });
    for (const { id } of contradicted) store.update(id, { superseded_by: stored.id }, now());
    index.put([entryOf(stored)]);
    return { memory: stored, known: false, superseded: contradicted.map(({ id }) => id) };
  }

  /** The same once more: the surer word stays, and every wish for it. */
  #again(same: StoredMemory, memory: NewMemory, contradicted: readonly StoredMemory[]): Remembered {
    const { store, now } = this.deps;
    for (const { id } of contradicted) store.update(id, { superseded_at: now(), superseded_by: same.id }, now());
    const superseded = contradicted.map(({ id }) => id);
    // Said by content of what the user said themself: nothing is new.
    if (memory.tainted && !same.tainted) return { memory: same, known: true, superseded };
    const cleaner = same.tainted && !memory.tainted;
    const change: MemoryChange = {};
    if (cleaner) Object.assign(change, { text: memory.text, source: memory.source, tainted: false });
    // What content from outside called a fact is what the user says it is: else an event of theirs could become a second value of one attribute.
    if (cleaner && memory.expires_at === null) change.kind = memory.kind;
    if (memory.confidence > same.confidence || cleaner) change.confidence = memory.confidence;
    if (memory.asked && !same.asked) change.asked = true;
    if (memory.pinned && !same.pinned) change.pinned = true;
    if (memory.kind === "profile" && same.kind !== "profile") change.kind = "profile";
    if (memory.about_at !== null && memory.about_at !== same.about_at) change.about_at = memory.about_at;
    if (same.expires_at !== null && memory.expires_at === null) Object.assign(change, { kind: memory.kind, expires_at: null });
    if (same.expires_at !== null && memory.expires_at !== null && memory.expires_at > same.expires_at)
      change.expires_at = memory.expires_at;
    const { quote } = memory.source;
    if (quote !== null && !same.quotes.includes(quote) && same.quotes.length < MAX_QUOTES) change.quotes = [...same.quotes, quote];
    if (Object.keys(change).length === 0) return { memory: same, known: true, superseded };
    return { memory: this.#update(same.id, change), known: true, superseded };
  }

  #update(id: string, change: MemoryChange): StoredMemory {
    const { store, index, now } = this.deps;
    const updated = store.update(id, change, now());
    index.put([entryOf(updated)]);
    return updated;
  }
}

/** Whether what is known gives way to what contradicts it: the user's word does not to content from outside. */
const givesWay = (known: Pick<StoredMemory, "tainted">, other: Pick<NewMemory, "tainted">): boolean => known.tainted || !other.tainted;

/** How long what expired can still be asked about. */
const PAST_KEPT_MS = 30 * 86_400_000;
