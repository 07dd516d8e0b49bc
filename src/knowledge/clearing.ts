import { whereOf } from "../log.ts";
import type { KnowledgeDeps } from "./deps.ts";

/** Deletes what rows no longer refer to: pieces in the index and the record, originals in R2. What cannot be reached stays noted and is tried again. */
export class Clearing {
  #running: Promise<boolean> | null = null;
  /** Files on their way into R2, noted as waste until their document is written. */
  readonly #coming = new Set<string>();

  constructor(private readonly deps: Pick<KnowledgeDeps, "documents" | "record" | "index" | "originals" | "transaction" | "log">) {}

  /** A file is being put into R2: should nothing come of it, or the object end, it goes. Call what is returned when its document is written, or is not. */
  coming(key: string): () => void {
    this.#coming.add(key);
    this.deps.documents.waste({ kind: "file", ref: key });
    return () => void this.#coming.delete(key);
  }

  /** Whether anything is left to do. */
  waits(): boolean {
    return this.deps.documents.wasted().some(({ ref }) => !this.#coming.has(ref));
  }

  /** True: all that was noted before the call is gone, and was looked for again. Never throws. */
  async run(): Promise<boolean> {
    while (this.#running) await this.#running;
    this.#running = this.#clear();
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #clear(): Promise<boolean> {
    const { documents, record, index, originals, transaction, log } = this.deps;
    try {
      for (const waste of documents.wasted()) {
        // A file of the same key may have come again meanwhile: channels name files by what they are.
        if (this.#coming.has(waste.ref) || !documents.isWasted(waste)) continue;
        if (waste.kind === "file") {
          await originals.delete([waste.ref]);
          if ((await originals.head(waste.ref)) !== null) return false;
        } else {
          transaction(() => index.deleteGroup("knowledge", waste.ref));
          await record.deleteChunks(waste.ref);
          if ((await record.chunks(waste.ref, 0, 1)).length > 0) return false;
        }
        documents.cleared(waste);
      }
      return true;
    } catch (error) {
      log("knowledge_clearing_failed", { error: whereOf(error) }, "warn");
      return false;
    }
  }
}
