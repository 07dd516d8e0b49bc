import { whereOf } from "../log.ts";
import { type KnowledgeDeps, pause } from "./deps.ts";
import { entriesOf, INDEX_FORM } from "./ingest.ts";

/** Pieces read from the record together. */
const TOGETHER = 200;
/** Rows of the record read together. */
const PAGE = 200;

/** Makes what the object holds of documents again from the record: rows where it lost its storage, the index where that is empty, of another form, or has an old name. */
export class Unindexed {
  /** Whether the record cannot be reached now. */
  #away = false;

  constructor(
    private readonly deps: Pick<KnowledgeDeps, "documents" | "collections" | "record" | "index" | "transaction" | "indexed" | "log">,
  ) {}

  /** Takes up rows that only the record has. Throws when it cannot be reached. */
  async restore(): Promise<void> {
    const { documents, collections, record, transaction } = this.deps;
    for (const [table, store] of [
      ["collection", collections],
      ["document", documents],
    ] as const) {
      for (let after: string | null = null; ;) {
        const rows = await record.page(table, after, PAGE);
        transaction(() => rows.forEach((row) => store.restore(row)));
        after = rows.at(-1)?.id ?? null;
        if (rows.length < PAGE) break;
      }
    }
  }

  /** An index that is empty although there is something to be found was lost. */
  notice(): void {
    const { documents, index, transaction } = this.deps;
    if (index.count("knowledge") === 0 && documents.searchable().length > 0) transaction(() => documents.indexLost());
  }

  /** Whether something is left that cannot be done now. */
  get waits(): boolean {
    return this.#away;
  }

  /** Brings one document's entries up to date; false: all are, or the record is away. */
  async step(): Promise<boolean> {
    const { documents, record, index, transaction, log } = this.deps;
    const row = documents.nextUnindexed(INDEX_FORM);
    this.#away = false;
    if (!row?.live) return false;
    const { content } = row.live;
    try {
      for (let from = 0; ;) {
        const chunks = await record.chunks(content, from, TOGETHER);
        // It may have gone, or have a new version, meanwhile.
        if (documents.byContent(content) === null) return true;
        transaction(() => {
          documents.putPieces(content, chunks);
          index.put(entriesOf(content, row.name, chunks));
          if (chunks.length < TOGETHER) documents.indexed(row.id, `${INDEX_FORM}${row.name}`);
        });
        if (chunks.length < TOGETHER) break;
        from = (chunks.at(-1)?.position ?? from) + 1;
        await pause();
      }
      this.deps.indexed();
      return true;
    } catch (error) {
      this.#away = true;
      log("knowledge_index_failed", { document: row.id, error: whereOf(error) }, "warn");
      return false;
    }
  }
}
