import type { CollectionStore } from "../../db/object/collections.ts";
import type { DocumentStore } from "../../db/object/documents.ts";
import { MargayError } from "../../errors.ts";
import type { Adding } from "../../knowledge/adding.ts";
import { type DocumentRow, titleOf } from "../../knowledge/document-row.ts";
import type { Knowledge, Scope } from "../../knowledge/knowledge.ts";
import type { Scopes } from "../../knowledge/scopes.ts";
import type { DocumentText, KnowledgePort } from "./knowledge-port.ts";

export interface LibraryPortDeps {
  documents: DocumentStore;
  collections: CollectionStore;
  knowledge: Pick<Knowledge, "search" | "chunks" | "delete">;
  adding: Pick<Adding, "add">;
  scopes: Scopes;
  /** By which the bytes of the file at a path are found; null: there is none, or its text was written here. */
  keyAt(path: string): string | null;
  transaction<T>(work: () => T): T;
  /** Resolves after so long, or when it is called off. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  now(): number;
}

/** Between looks at a document that is being read. */
const LOOK_MS = 200;
/** Pieces asked for at once; one has 1,200 characters or so. */
const PIECES = 40;

/** The user's documents for tools. */
export const libraryPort = (deps: LibraryPortDeps): KnowledgePort => ({
  async search({ text, collection, conversationId, limit }) {
    const scope = within(deps.scopes.get(conversationId), collectionOf(deps, collection));
    const hits = await deps.knowledge.search(text, limit, scope);
    return { hits, reading: deps.documents.unreadCount() };
  },
  async read(reference, from, { chars, waitMs, signal }) {
    const until = deps.now() + waitMs;
    for (;;) {
      const row = find(deps, reference);
      const reading = row === null ? arriving(deps, reference) : row.live === null && row.next?.status !== "failed";
      if (!reading || deps.now() >= until) return textOf(deps, row, reference, from, chars);
      await deps.wait(LOOK_MS, signal);
      signal.throwIfAborted();
    }
  },
  async add(url, { collection, follow, signal }) {
    const id = collection === undefined ? undefined : deps.transaction(() => deps.collections.named(collection)).id;
    const { documents, known } = await deps.adding.add(
      { url, ...(id === undefined ? {} : { collection_id: id }) },
      { follow, signal, by: "agent" },
    );
    const [document] = [...documents, ...known];
    if (!document) throw new MargayError("invalid_request", "There is no document in it that can be read.");
    return { id: document.id, known: documents.length === 0 };
  },
  async remove(id) {
    await deps.knowledge.delete(id);
  },
});

async function textOf(
  deps: LibraryPortDeps,
  row: DocumentRow | null,
  reference: string,
  from: number,
  chars: number,
): Promise<DocumentText> {
  const base = { error: null, progress: 0, pieces: [], total: 0, paged: false };
  if (row === null) {
    // It came with a message a moment ago.
    if (arriving(deps, reference)) return { ...base, id: "", name: reference, status: "reading" };
    throw new MargayError("not_found", `There is no document “${reference}”. If it came with a message, it may have been deleted.`);
  }
  const { id, name, live, next } = row;
  if (live === null)
    return {
      ...base,
      id,
      name,
      status: next?.status === "failed" ? "failed" : "reading",
      error: next?.error?.message ?? null,
      progress: next?.progress ?? 0,
    };
  const { chunks, total } = await deps.knowledge.chunks(id, from, PIECES);
  const pieces: DocumentText["pieces"] = [];
  let size = 0;
  for (const { position, page, text } of chunks) {
    size += text.length;
    if (pieces.length > 0 && size > chars) break;
    pieces.push({ position, page, text });
  }
  return { ...base, id, name, status: "ready", progress: 1, pieces, total, paged: (live.pages ?? 1) > 1 };
}

/** By the address of its page, where the file lies that it came as, its id, or its name as it is or was given. */
function find({ documents, keyAt }: LibraryPortDeps, reference: string): DocumentRow | null {
  const key = keyAt(reference);
  const ofFile = key === null ? null : documents.documentOfFile(key);
  if (ofFile !== null) return documents.get(ofFile);
  const wanted = /^(?:https?:\/\/[^/]+)?\/knowledge\/([^?#\s]+)/.exec(reference)?.[1] ?? reference.replace(/^["“]|["”]$/g, "");
  const byId = documents.get(wanted);
  if (byId) return byId;
  const [named] = documents.named(wanted);
  if (named !== undefined) return documents.get(named);
  const lower = wanted.toLowerCase();
  const like = documents
    .all()
    .filter(({ id, name }) => titleOf(name).toLowerCase() === lower || (lower.length >= 6 && id.startsWith(lower)));
  return like.at(-1) ?? null;
}

/** Whether a file of that name, or that lies there, came with a message and was not looked at yet. */
const arriving = ({ documents, keyAt }: LibraryPortDeps, reference: string): boolean => {
  const key = keyAt(reference);
  return documents.arrivals().some(({ file }) => file.key === key || file.name.toLowerCase() === reference.toLowerCase());
};

function collectionOf({ collections }: LibraryPortDeps, name: string | undefined): string | null {
  if (name === undefined) return null;
  const found = collections.find(name);
  if (found) return found.id;
  const names = collections.list().map((collection) => collection.name);
  throw new MargayError(
    "not_found",
    names.length === 0 ? "There are no collections." : `There is no collection “${name}”. There are: ${names.slice(0, 20).join(", ")}.`,
  );
}

/** One collection of what the conversation is limited to. */
function within(scope: Scope, collection: string | null): Scope {
  if (collection === null) return scope;
  return { collections: scope === null || scope.collections.includes(collection) ? [collection] : [], documents: [] };
}
