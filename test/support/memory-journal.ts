import type { Journal } from "../../src/agent/journal.ts";

/** Ends an attempt in the middle, as an eviction does. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * A journal in memory. `interruptAt(n)` makes the n-th journal operation (from 0) end the attempt: before its work runs, or after its work ran and
 * before its result was recorded.
 */
export class MemoryJournal implements Journal {
  readonly results = new Map<string, string>();
  readonly slept: number[] = [];
  readonly ran: string[] = [];
  #operation = 0;
  #interrupt: { at: number; when: "before" | "after" } | null = null;

  interruptAt(at: number, when: "before" | "after"): void {
    this.#interrupt = { at, when };
    this.#operation = 0;
  }

  #hit(when: "before" | "after"): void {
    if (this.#interrupt?.at === this.#operation && this.#interrupt.when === when) {
      this.#interrupt = null;
      throw new Interrupted();
    }
  }

  async step<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const known = this.results.get(name);
    if (known !== undefined) {
      this.#operation++;
      return JSON.parse(known) as T;
    }
    this.#hit("before");
    this.ran.push(name);
    const result = await work(new AbortController().signal);
    this.#hit("after");
    this.results.set(name, JSON.stringify(result));
    this.#operation++;
    return result;
  }

  async sleep(name: string, ms: number): Promise<void> {
    if (this.results.has(name)) return;
    this.#hit("before");
    this.results.set(name, "null");
    this.slept.push(ms);
    this.#operation++;
  }
}
