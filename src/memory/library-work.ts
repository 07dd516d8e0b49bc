import { type Log, whereOf } from "../log.ts";
import type { Archive } from "./archive.ts";
import type { SearchIndex } from "./search.ts";

/** Messages and entries that are worked on at a time. */
const TOGETHER = 100;

/** Indexes what was said, until nothing is left. */
export async function catchUp(archive: Pick<Archive, "catchUp">): Promise<null> {
  while (archive.catchUp(TOGETHER) > 0) await pause();
  return null;
}

/** Gives vectors to every entry that has none. */
export async function embedAll(index: Pick<SearchIndex, "embed">): Promise<null> {
  for (let left = 1; left > 0;) {
    const { done, left: rest } = await index.embed(TOGETHER);
    left = done === 0 ? 0 : rest;
    await pause();
  }
  return null;
}

/** Makes summaries better, one after the other. */
export async function compactAll(compaction: { work(): Promise<boolean> }): Promise<null> {
  while (await compaction.work());
  return null;
}

/** Lets whoever waits have their turn. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** One kind of work that nobody waits for. */
export interface WorkStep {
  name: string;
  /** Does what is due. When there is more to do, UTC milliseconds; null: nothing until something changes. */
  run(): Promise<number | null>;
}

export interface LibraryWorkDeps {
  /** In this order. */
  steps: readonly WorkStep[];
  /** Whether something is left to do now that a crash must not lose. Cheap. */
  due(): boolean;
  /** Wakes the object, durably; replaces what was planned before. */
  wakeAt(at: number): void;
  log: Log;
  now(): number;
}

/** While there is work the object is woken this often: should it have ended, the work goes on. */
const AWAKE_MS = 60_000;
/** Until a step is tried again that failed by a fault of its own. */
const AGAIN_MS = 5 * 60_000;

/** What memory and the search index do when nobody waits: one step after the other, by an alarm, and once more whenever something comes while they run. */
export class LibraryWork {
  #running: Promise<void> | null = null;
  #more = false;
  #planned: number | null = null;

  constructor(private readonly deps: LibraryWorkDeps) {}

  /** Looks at what there is to do at an instant, unless that is planned for sooner. */
  planAt(at: number): void {
    const now = this.deps.now();
    if (this.#planned !== null && this.#planned > now && this.#planned <= at) return;
    this.#planned = at;
    this.deps.wakeAt(at);
  }

  due(): boolean {
    return this.deps.due();
  }

  /** Does what is due; joins what is under way, which then looks again. Never throws. */
  work(): Promise<void> {
    this.#more = this.#running !== null;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { steps, due, now, log } = this.deps;
    this.#planned = null;
    if (due()) this.planAt(now() + AWAKE_MS);
    let next: number | null = null;
    do {
      this.#more = false;
      next = null;
      for (const { name, run } of steps) {
        const at = await run().catch((error: unknown) => {
          log("library_work_failed", { step: name, error: whereOf(error) }, "warn");
          return now() + AGAIN_MS;
        });
        if (at !== null) next = next === null ? at : Math.min(next, at);
      }
    } while (this.#more);
    this.#planned = null;
    if (next !== null) this.planAt(Math.max(next, now() + 1_000));
  }
}
