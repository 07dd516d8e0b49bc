import { MargayError } from "../errors.ts";
import type { SearchHit } from "../memory/search.ts";
import type { RecallHit } from "../memory/shapes.ts";
import type { Clearing } from "./clearing.ts";
import type { KnowledgeDeps } from "./deps.ts";
import { type DocumentRow, placeOf, queued, viewOf } from "./document-row.ts";
import type { Ingest } from "./ingest.ts";
import { type ChunkPage, type CollectionView, DocumentPatch, DocumentQuery, type DocumentPage, type DocumentView } from "./shapes.ts";

export interface KnowledgeParts extends KnowledgeDeps {
  ingest: Ingest;
  clearing: Clearing;
  /** The file of a message was deleted: the message says so. */
  fileDeleted(key: string): void;
  timeZone(): string;
}

/** What may be searched: collections and documents by id; null: all. */
export type Scope = { collections: readonly string[]; documents: readonly string[] } | null;

/** How many more hits are asked for where some of them may have to be left out. */
const MORE = 3;

/** The user's documents: what a person, their program and the agent may do with them. */
export class Knowledge {
  constructor(private readonly deps: KnowledgeParts) {}

  list(given: DocumentQuery): DocumentPage {
    const query = DocumentQuery.parse(given);
    const from = query.cursor === undefined ? null : placeIn(query.cursor);
    const { documents, total } = this.deps.documents.page(query, from);
    const last = documents.length === query.limit ? documents.at(-1) : undefined;
    return { documents: documents.map(viewOf), next: last ? `${last.createdAt}.${last.id}` : null, total };
  }

  /** The original of the version that is shown. */
  file(id: string): { key: string; name: string } {
    const { id: documentId, sha256, name } = this.get(id);
    const [key] = this.deps.documents.files(documentId, sha256);
    if (key === undefined) throw new MargayError("not_found", "The original is not there any more.");
    return { key, name };
  }

  get(id: string): DocumentView {
    return viewOf(this.#row(id));
  }

  update(id: string, given: DocumentPatch): DocumentView {
    const { documents, collections, transaction, now, wakeAt, changed } = this.deps;
    const patch = DocumentPatch.parse(given);
    const row = transaction(() => {
      const before = this.#row(id);
      if (typeof patch.collection_id === "string" && !collections.get(patch.collection_id)) throw noCollection();
      const after: DocumentRow = {
        ...before,
        rev: before.rev + 1,
        name: patch.name ?? before.name,
        collectionId: patch.collection_id === undefined ? before.collectionId : patch.collection_id,
        next: before.next && { ...before.next, titled: before.next.titled && patch.name === undefined },
        updatedAt: now(),
      };
      documents.write(after);
      return after;
    });
    changed(viewOf(row));
    // Under its new name it is found anew.
    wakeAt(now());
    return viewOf(row);
  }

  /** Deletes every trace. What cannot be reached now is noted, and deleted as soon as it can be. True: it was looked for everywhere, and nothing is left. */
  async delete(id: string): Promise<boolean> {
    const { documents, index, ingest, clearing, transaction, fileDeleted, flush, audit, wakeAt, now } = this.deps;
    const row = this.#row(id);
    transaction(() => {
      for (const key of documents.files(id)) fileDeleted(key);
      documents.delete(row);
      audit("deleted", id, "user");
      for (const version of [row.live, row.next]) if (version) index.deleteGroup("knowledge", version.content);
    });
    if (row.next) await ingest.stop(row.next.content);
    const gone = (await clearing.run()) && (await flush());
    index.purge(["knowledge"]);
    if (!gone) wakeAt(now());
    return gone;
  }

  /** Reads one again that failed. */
  retry(id: string): DocumentView {
    const { documents, transaction, changed, wakeAt, now, newId } = this.deps;
    const row = transaction(() => {
      const before = this.#row(id);
      if (before.next?.status !== "failed")
        throw new MargayError("conflict", "This document did not fail, so there is nothing to try again.");
      // Under another name than the last time, whose pieces may be on their way out.
      const next = queued(before.next, { content: `${id}~${newId().slice(0, 8)}`, titled: before.next.titled });
      const after = { ...before, rev: before.rev + 1, next, updatedAt: now() };
      documents.write(after);
      return after;
    });
    changed(viewOf(row));
    wakeAt(now());
    return viewOf(row);
  }

  async chunks(id: string, from: number, limit: number): Promise<ChunkPage> {
    const row = this.#row(id);
    const document = viewOf(row);
    if (!row.live) return { document, chunks: [], total: 0 };
    const chunks = await this.deps.record.chunks(row.live.content, from, limit);
    return {
      document,
      chunks: chunks.map(({ position, headingPath, page, text }) => ({
        document_id: id,
        document_name: row.name,
        position,
        heading_path: headingPath,
        page,
        text,
      })),
      total: row.live.chunks ?? chunks.length,
    };
  }

  /** Best first. Only documents that were read to their end are found. */
  async search(text: string, limit: number, scope: Scope): Promise<RecallHit[]> {
    const { index, now, timeZone } = this.deps;
    const groups = this.groups(scope);
    if (groups?.length === 0) return [];
    const hits = await index.search({
      text,
      spaces: ["knowledge"],
      limit: limit * MORE,
      now: now(),
      timeZone: timeZone(),
      ...(groups === null ? {} : { groups }),
    });
    return this.describe(hits).slice(0, limit);
  }

  /** The groups of the index that may be searched; null: all of them. */
  groups(scope: Scope): string[] | null {
    const { documents } = this.deps;
    if (scope !== null) return documents.searchable(scope);
    // Pieces that must not be found take no places of others, and need not be looked for where there are none.
    return documents.hasHidden() ? documents.searchable() : null;
  }

  /** Hits of the space `knowledge` as they are shown, with where they stand. Those of versions that are not (or no longer) there are left out. */
  describe(hits: readonly SearchHit[]): RecallHit[] {
    const { documents } = this.deps;
    return hits.flatMap(({ id, group, text, at, score }) => {
      const row = group === null || !documents.isSearchable(group) ? null : documents.byContent(group);
      const position = Number(id.slice(id.lastIndexOf(":") + 1));
      const piece = group === null ? null : documents.piece(group, position);
      if (!row?.live || !piece) return [];
      const from = placeOf(row.name, piece.headingPath, piece.page, row.live.pages);
      return [{ space: "knowledge" as const, id: `${row.id}:${position}`, text, from, at, score, tainted: true }];
    });
  }

  /** Where an entry of the space `knowledge` stands, for a person; null: its document is not there, was not read to its end, or is outside of the scope. */
  citation(entryId: string, scope: Scope = null): string | null {
    const group = entryId.slice(0, entryId.lastIndexOf(":"));
    if (scope !== null && !this.deps.documents.searchable(scope).includes(group)) return null;
    const [hit] = this.describe([{ space: "knowledge", id: entryId, group, text: "", at: null, score: 0, why: [] }]);
    return hit?.from ?? null;
  }

  // Collections ----------------------------------------------------------------------------------------------------------------------

  collections(): CollectionView[] {
    return this.deps.collections.list();
  }

  addCollection(name: string): CollectionView {
    return this.deps.transaction(() => this.deps.collections.add(name));
  }

  renameCollection(id: string, name: string): CollectionView {
    return this.deps.transaction(() => this.deps.collections.rename(id, name));
  }

  /** Its documents stay, in no collection. */
  deleteCollection(id: string): void {
    const { documents, collections, transaction, now } = this.deps;
    transaction(() => {
      collections.delete(id);
      for (const row of documents.all())
        if (row.collectionId === id) documents.write({ ...row, rev: row.rev + 1, collectionId: null, updatedAt: now() });
    });
  }

  /** By its id, or by what one of its versions is kept under, which is what entries of the index name. */
  #row(id: string): DocumentRow {
    const row = this.deps.documents.get(id.split("~", 1)[0] ?? "");
    if (!row) throw new MargayError("not_found", "There is no such document.");
    return row;
  }
}

const noCollection = (): MargayError => new MargayError("not_found", "There is no such collection.");

/** The last document of the page before: when it was made, and its id. */
function placeIn(cursor: string): { createdAt: number; id: string } {
  const [, createdAt, id] = /^(\d{1,15})\.(.{1,64})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw new MargayError("invalid_request", "This cursor is not one that was given.");
  return { createdAt: Number(createdAt), id };
}
