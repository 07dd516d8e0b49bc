import type { Space } from "../../memory/search.ts";
import type { Forgotten, MemoryView, RecallHit } from "../../memory/shapes.ts";

/** What the agent remembers, as tools see it. Refusals are thrown as `MargayError`. */
export interface MemoryPort {
  /**
   * `key` makes it once. `tainted`: the call was written in a context with content from outside. `known`: it was remembered already; `replaced`: whether it took the place of something.
   */
  remember(
    input: Pick<MemoryView, "text" | "kind" | "about_at" | "expires_at">,
    said: { key: string; tainted: boolean },
  ): { memory: MemoryView; known: boolean; replaced: boolean };
  /** Takes back what was remembered; throws `conflict` when it was changed since. */
  takeBack(id: string, updatedAt: number): void;
  recall(query: string, spaces: readonly Space[] | null, limit: number): Promise<RecallHit[]>;
  /** The memories that words, an id or its beginning can mean; "that" is what was remembered last. Not `sure`: they only come near it. */
  meant(what: string): Promise<{ memories: MemoryView[]; sure: boolean }>;
  /** What one says, by its id or the beginning of it; null: there is none, or more. */
  textOf(id: string): string | null;
  /** Forgets one with its earlier forms. `key`: a repeat of the same call forgets nothing else. */
  forget(id: string, key: string): Promise<Pick<Forgotten, "memories" | "verified" | "skills">>;
  /** How many the call has forgotten before, where a crash made it come again. */
  forgottenBy(key: string): number;
}

/** What memory tools get as stores. */
export interface MemoryStores {
  memory: MemoryPort;
}

export const MEMORY_READ = "memory.read";
export const MEMORY_WRITE = "memory.write";
