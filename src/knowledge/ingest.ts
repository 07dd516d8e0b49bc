import { whereOf } from "../log.ts";
import { ModelError } from "../models/model-error.ts";
import type { SearchEntry } from "../memory/search.ts";
import { type KnowledgeDeps, pause } from "./deps.ts";
import { type DocumentRow, headingOf, type NextVersion, Version, viewOf } from "./document-row.ts";
import { type Chunk, DocumentError, ReaderAway } from "./parsed.ts";

/** How entries of the index are made. Another number makes them anew. */
export const INDEX_FORM = "1:";
/** A file that ended the object this often while it was parsed is not tried again. */
export const MAX_ATTEMPTS = 3;
/** The same, wherever it was. */
export const MAX_STARTS = 10;
/** Faults of others (a store, a model) in a row; some hours. */
const MAX_FAULTS = 12;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 1_800_000;
/** Pieces written to the record together. */
const TO_RECORD = 50;
/** Pieces put into the index in one transaction. */
const TO_INDEX = 25;
/** How much further progress is before pages are told. */
const PROGRESS_STEP = 0.04;

/** The version that was being read is not the one to be read any more. */
class Superseded extends Error {}

/** The pieces of a version as entries of the index. */
export const entriesOf = (content: string, name: string, chunks: readonly Chunk[]): SearchEntry[] =>
  chunks.map(({ position, headingPath, text }) => ({
    space: "knowledge",
    id: `${content}:${position}`,
    text,
    heading: headingOf(name, headingPath),
    group: content,
    position,
    at: null,
  }));

/**
 * Reads documents, one at a time: bytes, text, pieces, record, index. Every step may be repeated, and nothing of a version is found before all of it is there: then, in one
 * transaction, it takes the place of the version before. Ended at any moment it begins again from the bytes.
 */
export class Ingest {
  #reading: { content: string; abort: AbortController; ended: Promise<void> } | null = null;

  constructor(private readonly deps: KnowledgeDeps) {}

  /** Reads the next document that waits; false: none does. */
  async step(): Promise<boolean> {
    const row = this.deps.documents.nextUnread(this.deps.now());
    if (!row?.next) return false;
    const abort = new AbortController();
    const work = this.#run(row, abort.signal);
    this.#reading = { content: row.next.content, abort, ended: work };
    await work;
    this.#reading = null;
    return true;
  }

  /** Ends the reading of a version; resolves when nothing of it is under way. */
  async stop(content: string): Promise<void> {
    if (this.#reading?.content !== content) return;
    this.#reading.abort.abort(new Superseded());
    await this.#reading.ended;
  }

  async #run(row: DocumentRow, signal: AbortSignal): Promise<void> {
    const next = this.#begin(row);
    if (!next) return;
    try {
      await this.#read(row.id, next, signal);
    } catch (error) {
      if (!(error instanceof Superseded) && !signal.aborted) return this.#ended(row.id, next.content, error);
      // What was on its way to the record while the version went has arrived after it was cleared.
      this.deps.documents.dropContent(next.content);
    }
  }

  /** Records the start before anything can go wrong. Null: it went wrong too often. */
  #begin(row: DocumentRow): NextVersion | null {
    const { next } = row;
    if (!next) return null;
    if (next.attempts >= MAX_ATTEMPTS || next.starts >= MAX_STARTS) {
      this.#fail(
        row.id,
        next.content,
        "interrupted",
        `Reading it was interrupted ${next.starts} times, so I gave up. The file may be damaged, or larger inside than it looks.`,
      );
      return null;
    }
    const begun: NextVersion = {
      ...next,
      status: "reading",
      attempts: next.attempts + 1,
      starts: next.starts + 1,
      progress: 0.01,
      error: null,
    };
    this.#update(row.id, next.content, begun);
    return begun;
  }

  async #read(id: string, next: NextVersion, signal: AbortSignal): Promise<void> {
    const { deps } = this;
    const { content, file } = next;
    const bytes = await deps.originals.read(file.key);
    signal.throwIfAborted();
    if (bytes === null) throw new DocumentError("damaged", "The file is not there any more. Upload it again.");
    const describeImage = deps.describeImage(id);
    const parsed = await deps.parse(bytes, file, {
      signal,
      onProgress: (done, total) => this.#progress(id, content, 0.05 + 0.5 * Math.min(1, done / Math.max(1, total))),
      ...(describeImage === null ? {} : { describeImage }),
    });
    await pause();
    const chunks = deps.chunk(parsed);
    signal.throwIfAborted();
    if (chunks.length === 0) throw new DocumentError("no_text", "There is no text in it.");
    const chars = parsed.blocks.reduce((sum, { text }) => sum + text.length, 0);
    // Whatever ends the object from here on is not the file's doing.
    this.#change(id, content, { attempts: 0, type: parsed.type, pages: parsed.pages, chars, chunks: chunks.length, progress: 0.6 });
    if (next.titled && parsed.title !== null) this.#name(id, content, parsed.title);
    await this.#toRecord(id, content, chunks, signal);
    await this.#toIndex(id, content, chunks, signal);
  }

  async #toRecord(id: string, content: string, chunks: readonly Chunk[], signal: AbortSignal): Promise<void> {
    const { record } = this.deps;
    // What an earlier start wrote may be more than there is now.
    await record.deleteChunks(content);
    for (let from = 0; from < chunks.length; from += TO_RECORD) {
      signal.throwIfAborted();
      await record.putChunks(content, chunks.slice(from, from + TO_RECORD));
      this.#progress(id, content, 0.6 + 0.3 * (from / chunks.length));
    }
  }

  async #toIndex(id: string, content: string, chunks: readonly Chunk[], signal: AbortSignal): Promise<void> {
    const { deps } = this;
    const name = this.#current(id, content).name;
    deps.transaction(() => deps.index.deleteGroup("knowledge", content));
    for (let from = 0; ; from += TO_INDEX) {
      signal.throwIfAborted();
      const part = chunks.slice(from, from + TO_INDEX);
      const last = from + TO_INDEX >= chunks.length;
      deps.transaction(() => {
        deps.documents.putPieces(content, part);
        deps.index.put(entriesOf(content, name, part));
        if (last) this.#goLive(id, content, name);
      });
      if (last) break;
      this.#progress(id, content, 0.9 + 0.1 * (from / chunks.length));
      await pause();
    }
    this.#tell(id);
    deps.indexed();
  }

  /** The one moment in which a version becomes the document's. */
  #goLive(id: string, content: string, name: string): void {
    const { documents, now } = this.deps;
    const row = this.#current(id, content);
    const live = Version.parse(row.next);
    documents.write({ ...row, rev: row.rev + 1, live, next: null, updatedAt: now() });
    // By the name that its entries were made with: should it have another by now, they are made anew.
    documents.indexed(id, `${INDEX_FORM}${name}`);
    if (!row.live) return;
    documents.dropContent(row.live.content);
    if (row.live.sha256 !== live.sha256) documents.dropFiles(id, row.live.sha256);
  }

  /** It could not be read: for good where it is the file, later where it was somebody else. */
  #ended(id: string, content: string, error: unknown): void {
    const row = this.deps.documents.get(id);
    if (row?.next?.content !== content) return;
    if (error instanceof DocumentError) return this.#fail(id, content, error.code, error.message);
    if (error instanceof ModelError && !error.retryable) return this.#fail(id, content, "model", error.message);
    const { next } = row;
    this.deps.log("document_fault", { document: id, error: whereOf(error) }, "warn");
    if (next.faults + 1 >= MAX_FAULTS) {
      const why =
        error instanceof ModelError || error instanceof ReaderAway
          ? error.message
          : "What it is stored in could not be reached, again and again. Try again later.";
      return this.#fail(id, content, "unavailable", why);
    }
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** next.faults);
    // The start ended by itself, so it counts for none.
    this.#change(id, content, {
      status: "queued",
      attempts: 0,
      starts: next.starts - 1,
      faults: next.faults + 1,
      notBefore: this.deps.now() + wait,
      progress: 0,
    });
    this.#tell(id);
  }

  #fail(id: string, content: string, code: string, message: string): void {
    const { deps } = this;
    deps.transaction(() => {
      const row = deps.documents.get(id);
      if (row?.next?.content !== content) return;
      deps.documents.write({
        ...row,
        rev: row.rev + 1,
        next: { ...row.next, status: "failed", progress: 1, error: { code, message } },
        updatedAt: deps.now(),
      });
      deps.documents.dropContent(content);
    });
    this.#tell(id);
  }

  #current(id: string, content: string): DocumentRow & { next: NextVersion } {
    const row = this.deps.documents.get(id);
    if (row?.next?.content !== content) throw new Superseded();
    return { ...row, next: row.next };
  }

  /** Writes how far it is, which the record need not know. */
  #update(id: string, content: string, next: NextVersion): void {
    this.deps.documents.write({ ...this.#current(id, content), next }, false);
    this.#tell(id);
  }

  #change(id: string, content: string, change: Partial<NextVersion>): void {
    this.#update(id, content, { ...this.#current(id, content).next, ...change });
  }

  #name(id: string, content: string, title: string): void {
    const row = this.#current(id, content);
    this.deps.documents.write({ ...row, rev: row.rev + 1, name: title.slice(0, 255), next: { ...row.next, titled: false } });
  }

  #progress(id: string, content: string, progress: number): void {
    const row = this.deps.documents.get(id);
    if (row?.next?.content !== content || progress < row.next.progress + PROGRESS_STEP) return;
    this.#update(id, content, { ...row.next, progress });
  }

  #tell(id: string): void {
    const row = this.deps.documents.get(id);
    if (row) this.deps.changed(viewOf(row));
  }
}
