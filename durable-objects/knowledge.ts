import { z } from "zod";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import type { FileRef } from "../src/channels/message.ts";
import { CollectionStore } from "../src/db/object/collections.ts";
import { DocumentStore } from "../src/db/object/documents.ts";
import { FileStore } from "../src/db/object/files.ts";
import type { RecordOps } from "../src/db/object/record-ops.ts";
import { Adding, type AddingDeps } from "../src/knowledge/adding.ts";
import { archiveMembers } from "../src/knowledge/archive-members.ts";
import { Background } from "../src/knowledge/background.ts";
import { chunkDocument } from "../src/knowledge/chunk.ts";
import { Clearing } from "../src/knowledge/clearing.ts";
import { type KnowledgeDeps, pause } from "../src/knowledge/deps.ts";
import { describeImage } from "../src/knowledge/describe-image.ts";
import { isDocumentFile } from "../src/knowledge/file-kinds.ts";
import { Ingest } from "../src/knowledge/ingest.ts";
import { Knowledge } from "../src/knowledge/knowledge.ts";
import { originals } from "../src/knowledge/originals.ts";
import { parseDocument } from "../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS } from "../src/knowledge/parsed.ts";
import { Scopes } from "../src/knowledge/scopes.ts";
import { Unindexed } from "../src/knowledge/unindexed.ts";
import { log } from "../src/log.ts";
import type { UserRecord } from "../src/memory/record.ts";
import type { SearchIndex } from "../src/memory/search.ts";
import { libraryPort } from "../src/tools/knowledge/library-port.ts";
import type { LibraryDeps } from "./library.ts";
import { meteredPdfDriver } from "./pdf-driver.ts";

/** That what only the record had was taken up. */
const RESTORED = "knowledge_restored";

interface Shared {
  record: UserRecord;
  ops: RecordOps;
  index: SearchIndex;
  flush(): Promise<boolean>;
  /** The index has entries without vectors. */
  indexed(): void;
  /** The bytes of an upload are gone. */
  fileGone(key: string): void;
}

/** Wires the user's documents. No rule lives here. */
export function createKnowledge({ host, ...deps }: LibraryDeps, { record, ops, index, flush, indexed, fileGone }: Shared) {
  const { now } = host;
  const { newId, settings, transaction } = deps;
  const documents = new DocumentStore(host.storage.sql, ops);
  const collections = new CollectionStore({ sql: host.storage.sql, ops, now, newId });
  const stored = new FileStore(host.storage.sql);
  const pdf = meteredPdfDriver(host, deps.usage);
  const shared: KnowledgeDeps = {
    documents,
    collections,
    record,
    flush,
    index,
    originals: originals(host.env.FILES, host.userId, now, newId),
    parse: (bytes, file, options) => parseDocument(bytes, file, PARSE_LIMITS, { ...options, pdf, now }),
    chunk: (parsed) => chunkDocument(parsed),
    describeImage: (documentId) => describeImage(deps.models, documentId),
    transaction,
    audit: (event, subject, actor) =>
      deps.audit({ kind: "config", event, actor, subject, summary: event === "added" ? "A document was added" : "A document was deleted" }),
    changed: (document) => host.broadcast({ type: "document", document }),
    indexed,
    wakeAt(at) {
      host.background(host.wakeAt({ id: "knowledge", fn: "knowledge", time: at }));
      // Now is now: no alarm is waited for.
      if (at <= now()) host.background(background.work());
    },
    log,
    now,
    newId,
  };
  const clearing = new Clearing(shared);
  const ingest = new Ingest(shared);
  const addingDeps: AddingDeps = {
    ...shared,
    egress: deps.egress,
    unzip: archiveMembers,
    stopReading: (content) => void ingest.stop(content),
    inMessages: (key) => deps.messages.hasFile(key),
    clearing,
  };
  const adding = new Adding(addingDeps);
  const unindexed = new Unindexed(shared);
  const background = new Background({
    ...shared,
    adding,
    ingest,
    unindexed,
    clearing,
    restored: {
      done: () => settings.read(RESTORED, z.boolean()) ?? false,
      note: () => settings.write(RESTORED, true, now()),
    },
  });
  const knowledge = new Knowledge({
    ...shared,
    ingest,
    clearing,
    fileDeleted(key) {
      deps.messages.fileDeleted(key);
      fileGone(key);
    },
    timeZone: deps.timeZone,
  });
  const scopes = new Scopes({ settings, documents, collections, now });
  const operations: Pick<Operations, KnowledgeOperation> = {
    "knowledge.documents": (query) => knowledge.list(query),
    "knowledge.document": (id) => knowledge.get(id),
    "knowledge.file": (id) => knowledge.file(id),
    "knowledge.add": (input) => adding.add(input),
    "knowledge.update": ({ id, patch }) => knowledge.update(id, patch),
    async "knowledge.delete"(id) {
      await knowledge.delete(id);
      return null;
    },
    "knowledge.retry": (id) => knowledge.retry(id),
    "knowledge.chunks": ({ id, from, limit }) => knowledge.chunks(id, from, limit),
    "knowledge.search": ({ text, limit, collections: only }) =>
      knowledge.search(text, limit, only === null ? null : { collections: only, documents: [] }),
    "knowledge.collections": () => knowledge.collections(),
    "knowledge.addCollection": (name) => knowledge.addCollection(name),
    "knowledge.renameCollection": ({ id, name }) => knowledge.renameCollection(id, name),
    "knowledge.deleteCollection"(id) {
      knowledge.deleteCollection(id);
      return null;
    },
  };
  return {
    operations,
    documents,
    collections,
    adding,
    background,
    knowledge,
    scopes,
    port: libraryPort({
      documents,
      collections,
      knowledge,
      adding,
      scopes,
      keyAt(path) {
        const file = stored.at(path);
        return file && (stored.version(file.id, file.version)?.content.key ?? null);
      },
      transaction,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now,
    }),
    /** Notes files of a message that is being stored; they are looked at when that is done. */
    take(files: readonly FileRef[]): void {
      const wanted = files.filter((file) => file.deleted !== true && isDocumentFile(file) && shared.originals.owns(file.key));
      if (wanted.length === 0) return;
      for (const file of wanted) documents.arrived(file, now());
      host.background(pause().then(() => shared.wakeAt(now())));
    },
    /** The same as `citation()`, within what the conversation that is answered now is limited to. */
    recalled(entryId: string): string | null {
      const turn = deps.runningTurn();
      const [asked] = turn === null ? [] : deps.messages.ofTurn(turn);
      return knowledge.citation(entryId, scopes.get(asked?.conversation_id ?? null));
    },
    /** The groups of the space `knowledge` that a conversation is limited to; null: all that are there. */
    scopeOf: (conversationId: string | null) => knowledge.groups(scopes.get(conversationId)),
  };
}

type KnowledgeOperation = Extract<OperationName, `knowledge.${string}`>;
