import { z } from "zod";
import type { ForgottenStore } from "../db/object/forgotten.ts";
import type { MemoryStore } from "../db/object/memories.ts";
import type { UserRecord } from "./record.ts";
import { entryOf } from "./remembering.ts";
import type { SearchIndex } from "./search.ts";

export interface RestoringDeps {
  store: MemoryStore;
  forgotten: ForgottenStore;
  index: SearchIndex;
  record: Pick<UserRecord, "page">;
  settings: { read<T>(key: string, schema: z.ZodType<T>): T | null; note(key: string, value: unknown, now: number): void };
  transaction<T>(work: () => T): T;
  now(): number;
}

/** What the object has of the record: read whole once, and whether there was anything. */
const KEY = "memory_loaded";
/** How texts become entries; another number makes the index anew. */
export const INDEX_VERSION = 1;
const INDEX_KEY = "memory_index";
const PAGE = 200;

/** Makes the object's memory anew from the record where it was lost, and the index from the rows. Each page is one transaction and may be repeated: ended anywhere it begins again. */
export class Restoring {
  constructor(private readonly deps: RestoringDeps) {}

  /** Whether the record has to be read: the object is new, or had memories and has none. */
  needed(): boolean {
    const { settings, store } = this.deps;
    const loaded = settings.read(KEY, z.enum(["some", "none"]));
    return loaded === null || (loaded === "some" && store.count() === 0);
  }

  /** Call it when there are memories, and when the last one was forgotten: an empty table is then known to be meant. */
  noteCount(): void {
    const { settings, store, now } = this.deps;
    if (settings.read(KEY, z.string()) !== null) settings.note(KEY, store.count() > 0 ? "some" : "none", now());
  }

  /** Throws where the record cannot be reached. */
  async restore(): Promise<void> {
    const { store, forgotten, index, record, settings, transaction, now } = this.deps;
    if (!this.needed() || forgotten.count() > 0) return;
    for (let after: string | null = null; ;) {
      const page = await record.page("memory", after, PAGE);
      // Something was forgotten meanwhile: what was read may be of it. The next time finds it gone.
      if (forgotten.count() > 0) return;
      transaction(() => index.put(page.flatMap((row) => store.restore(row) ?? []).map(entryOf)));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.id;
    }
    settings.note(KEY, store.count() > 0 ? "some" : "none", now());
  }

  /** Puts every memory into the index again, where the index is of another version or lacks some. */
  reindex(): void {
    const { store, index, settings, transaction, now } = this.deps;
    if (settings.read(INDEX_KEY, z.number()) === INDEX_VERSION && index.count("memory") === store.count()) return;
    transaction(() => {
      if (settings.read(INDEX_KEY, z.number()) !== INDEX_VERSION) index.clear("memory");
      for (let some = store.after(0, PAGE); some.length > 0;) {
        index.put(some.map(entryOf));
        const last = some.at(-1);
        some = last ? store.after(store.numberOf(last.id), PAGE) : [];
      }
      settings.note(INDEX_KEY, INDEX_VERSION, now());
    });
  }
}
