import type { Forgetting as Going, ForgottenStore } from "../db/object/forgotten.ts";
import type { MemoryStore } from "../db/object/memories.ts";
import { MargayError } from "../errors.ts";
import type { UserRecord } from "./record.ts";
import type { SearchIndex } from "./search.ts";
import type { Forgotten } from "./shapes.ts";
import type { StoredMemory } from "./stored-memory.ts";

export interface ForgettingDeps {
  store: MemoryStore;
  forgotten: ForgottenStore;
  index: SearchIndex;
  record: Pick<UserRecord, "page" | "delete">;
  /** Brings the record up to date. True: it has everything. */
  flush(): Promise<boolean>;
  /** Takes the words out of the conversation archive, wherever they are kept or cached. Gives how many messages held them; 0 the second time. */
  redact(texts: readonly { text: string; quote: string | null }[]): number;
  /** Looks through the skills that the agent wrote. Gives the names of those that the user said yes to and that still say it. */
  inSkills(texts: readonly { text: string; quote: string | null }[]): string[];
  /** Whether a turn or a task runs: what it says is written when it ends, and may hold the words again. */
  busy(): boolean;
  transaction<T>(work: () => T): T;
  now(): number;
}

/** Stands for all that the record has and the object has not. */
const REST = "*";
const PAGE = 100;

/**
 * Forgets for good: rows, index and vectors at once; then the words in the conversation, and the record; then it looks again in each of them. What is under way is a row of its own
 * until everything is gone, so a crash at any point leaves nothing half forgotten.
 */
export class Forgetting {
  constructor(private readonly deps: ForgettingDeps) {}

  /** One with all that it took the place of, or (null) everything. `key`: the tool call that does, so that its repeat forgets nothing else. */
  async forget(id: string | null, key: string | null = null): Promise<Forgotten> {
    const memories = this.#begin(id, key);
    const { messages, verified, skills } = await this.finish();
    return { memories, messages, verified, ...(skills.length === 0 ? {} : { skills }) };
  }

  /** Goes on with what is under way, as after a crash. */
  async finish(): Promise<{ messages: number; verified: boolean; skills: string[] }> {
    const { forgotten, redact, inSkills, flush, busy, transaction } = this.deps;
    const going = forgotten.all();
    if (going.length === 0) return { messages: 0, verified: true, skills: [] };
    let messages = 0;
    const skills = new Set<string>();
    for (const texts of inSlices(going.flatMap((one) => one.texts))) {
      messages += redact(texts);
      for (const name of inSkills(texts)) skills.add(name);
      await pause();
    }
    const flushed = await flush();
    let verified = flushed && (await this.#recordHasNone(going)) && this.#objectHasNone(going);
    for (const texts of verified ? inSlices(going.flatMap((one) => one.texts)) : []) {
      verified = redact(texts) === 0 && verified;
      await pause();
    }
    if (verified && !busy()) transaction(() => forgotten.done(going.map(({ id }) => id)));
    return { messages, verified, skills: [...skills].toSorted() };
  }

  waiting(): number {
    return this.deps.forgotten.count();
  }

  #begin(id: string | null, key: string | null): number {
    const { store, forgotten, index, transaction, now } = this.deps;
    return transaction(() => {
      let count = 0;
      const drop = (memories: readonly StoredMemory[]): void => {
        const ids = memories.map((one) => one.id);
        for (const one of memories) forgotten.add({ id: one.id, texts: textsOf(one) }, key, now());
        store.delete(ids);
        index.delete("memory", ids);
        count += ids.length;
      };
      if (id !== null) {
        const chain = store.chain(id);
        if (chain.length === 0) throw new MargayError("not_found", "There is no such memory.");
        drop(chain);
        return count;
      }
      for (let some = store.after(0, PAGE); some.length > 0; some = store.after(0, PAGE)) drop(some);
      index.clear("memory");
      forgotten.add({ id: REST, texts: [] }, key, now());
      return count;
    });
  }

  #objectHasNone(going: readonly Going[]): boolean {
    const { store, index } = this.deps;
    return going.every(({ id }) => id === REST || (store.get(id) === null && index.place("memory", id) === null));
  }

  async #recordHasNone(going: readonly Going[]): Promise<boolean> {
    const { store, record } = this.deps;
    try {
      if (going.some(({ id }) => id === REST)) {
        for (let page = await record.page("memory", null, PAGE), last: string | null = null; page.length > 0;) {
          await record.delete(
            "memory",
            page.flatMap(({ id }) => (store.get(id) === null ? [id] : [])),
          );
          last = page.at(-1)?.id ?? last;
          page = await record.page("memory", last, PAGE);
        }
      }
      for (const { id } of going) {
        if (id === REST) continue;
        // Ids after its beginning, in their order: it would be among the first.
        const page = await record.page("memory", id.slice(0, -1), 20);
        if (page.some((row) => row.id === id)) {
          await record.delete("memory", [id]);
          return false;
        }
      }
      return true;
    } catch {
      // The record cannot be reached: tried again later, with everything else.
      return false;
    }
  }
}

/** The conversation is gone through once for so many texts. */
const TEXTS = 50;

const inSlices = (texts: Going["texts"]): Going["texts"][] =>
  Array.from({ length: Math.ceil(texts.length / TEXTS) }, (_, index) => texts.slice(index * TEXTS, (index + 1) * TEXTS));

/** Lets whoever waits have their turn. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const textsOf = ({ text, quotes }: StoredMemory): Going["texts"] =>
  quotes.length === 0 ? [{ text, quote: null }] : quotes.map((quote) => ({ text, quote }));
