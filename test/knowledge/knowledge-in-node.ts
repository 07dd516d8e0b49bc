import { sqliteStorage } from "../../scripts/eval/gate/sqlite-storage.ts";
import type { FileRef } from "../../src/channels/message.ts";
import { CollectionStore } from "../../src/db/object/collections.ts";
import { DocumentStore } from "../../src/db/object/documents.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { RecordOps } from "../../src/db/object/record-ops.ts";
import { migrateObject } from "../../src/db/object/schema.ts";
import { ObjectSearchIndex } from "../../src/db/object/search-index.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import type { EgressOptions, EgressResult } from "../../src/egress/egress-result.ts";
import { Adding } from "../../src/knowledge/adding.ts";
import { archiveMembers } from "../../src/knowledge/archive-members.ts";
import { Background } from "../../src/knowledge/background.ts";
import { chunkDocument } from "../../src/knowledge/chunk.ts";
import { Clearing } from "../../src/knowledge/clearing.ts";
import type { KnowledgeDeps, Originals } from "../../src/knowledge/deps.ts";
import { Ingest } from "../../src/knowledge/ingest.ts";
import { Knowledge } from "../../src/knowledge/knowledge.ts";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { type Chunk, PARSE_LIMITS } from "../../src/knowledge/parsed.ts";
import { Scopes } from "../../src/knowledge/scopes.ts";
import type { DocumentView } from "../../src/knowledge/shapes.ts";
import { Unindexed } from "../../src/knowledge/unindexed.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import { RecordSync } from "../../src/memory/record-sync.ts";
import type { RecordRow, RecordTable, UserRecord } from "../../src/memory/record.ts";
import { createHash } from "node:crypto";

/** What outlives the object: its SQLite, the record and the originals. */
export class World {
  readonly storage = sqliteStorage();
  readonly rows = new Map<RecordTable, Map<string, RecordRow>>();
  readonly chunks = new Map<string, Map<number, Chunk>>();
  readonly files = new Map<string, { file: FileRef; bytes: Uint8Array }>();
  readonly pages = new Map<string, EgressResult>();
  now = 1_000_000;
  ids = 0;

  constructor() {
    migrateObject(this.storage.storage);
  }

  upload(name: string, body: string | Uint8Array, mime = "application/octet-stream"): string {
    const key = `u/ada/uploads/2026-11/${++this.ids}`;
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    this.files.set(key, { file: { key, name, mime, size: bytes.byteLength }, bytes });
    return key;
  }
}

/** Thrown by everything that an object does after its end. */
class Ended extends Error {}

export interface NodeOptions {
  /** The object ends when it touches the world for this time, counted from 1; absent: never. */
  endAt?: number;
  /** Before the touch has its effect, or right after. */
  when?: "before" | "after";
  parse?: KnowledgeDeps["parse"];
  describeImage?: ReturnType<KnowledgeDeps["describeImage"]>;
}

/** One life of an object with documents in a world. */
export function life(world: World, { endAt, when = "before", parse, describeImage = null }: NodeOptions = {}) {
  let touched = 0;
  let ended = false;
  let resolveEnd: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    resolveEnd = resolve;
  });
  const alive = (): void => {
    if (ended) throw new Ended();
  };
  /** Counts one touch of the world. */
  const touch = <T>(effect: () => T): T => {
    alive();
    touched++;
    const last = touched === endAt;
    const die = (): never => {
      ended = true;
      resolveEnd();
      throw new Ended();
    };
    if (last && when === "before") die();
    const result = effect();
    if (last) die();
    return result;
  };
  const away = async <T>(effect: () => T): Promise<T> => {
    const result = touch(effect);
    await new Promise((resolve) => setTimeout(resolve, 0));
    alive();
    return result;
  };
  const { storage } = world.storage;
  const sql: SqlStorage = new Proxy(storage.sql, {
    get(target, property) {
      alive();
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  let depth = 0;
  const transaction = <T>(work: () => T): T => {
    if (depth > 0) return storage.transactionSync(work);
    depth++;
    try {
      return touch(() => storage.transactionSync(work));
    } finally {
      depth--;
    }
  };
  const ops = new RecordOps(sql);
  const now = (): number => world.now;
  const newId = (): string => `${String(++world.ids).padStart(8, "0")}-id`;
  const documents = new DocumentStore(sql, ops);
  const collections = new CollectionStore({ sql, ops, now, newId });
  const settings = new SettingStore(sql);
  const messages = new MessageStore(sql, () => undefined);
  const index = new ObjectSearchIndex({ sql, embedder: () => localEmbedder });
  const record = memoryRecord(world, away);
  const sync = new RecordSync({
    record,
    ops,
    read: (table, id) => (table === "document" ? documents.record(id) : table === "collection" ? collections.record(id) : null),
    log: () => undefined,
  });
  const frames: DocumentView[] = [];
  const wakes: number[] = [];
  const deps: KnowledgeDeps = {
    documents,
    collections,
    record,
    flush: () => sync.flush(),
    index,
    originals: memoryOriginals(world, away, newId),
    parse: parse ?? ((bytes, file, options) => parseDocument(bytes, file, PARSE_LIMITS, { pdf: parsePdf, ...options })),
    chunk: (parsed) => chunkDocument(parsed),
    describeImage: () => describeImage,
    transaction,
    audit: () => undefined,
    changed: (document) => void frames.push(document),
    indexed: () => undefined,
    wakeAt: (at) => void wakes.push(at),
    log: () => undefined,
    now,
    newId,
  };
  const clearing = new Clearing(deps);
  const ingest = new Ingest(deps);
  const fetched: { url: string; options: EgressOptions }[] = [];
  const adding = new Adding({
    ...deps,
    egress: {
      async get(url, options = {}) {
        fetched.push({ url, options });
        const page = world.pages.get(url);
        if (!page) throw new Error(`nobody answers at ${url}`);
        return away(() => page);
      },
    },
    unzip: archiveMembers,
    stopReading: (content) => void ingest.stop(content),
    inMessages: (key) => messages.hasFile(key),
    clearing,
  });
  const unindexed = new Unindexed(deps);
  let restored = false;
  const background = new Background({
    ...deps,
    adding,
    ingest,
    unindexed,
    clearing,
    restored: { done: () => restored, note: () => void (restored = true) },
  });
  const knowledge = new Knowledge({
    ...deps,
    ingest,
    clearing,
    fileDeleted: (key) => messages.fileDeleted(key),
    timeZone: () => "UTC",
  });
  const scopes = new Scopes({ settings, documents, collections, now });
  return {
    documents,
    collections,
    adding,
    ingest,
    clearing,
    background,
    knowledge,
    scopes,
    index,
    frames,
    wakes,
    fetched,
    settings,
    messages,
    touches: () => touched,
    hasEnded: () => ended,
    /** Resolves when the work is done, or the object has ended. */
    work: () => Promise.race([background.work(), end]),
    /** The same for whatever may end it; null: it ended. */
    async until<T>(work: Promise<T>): Promise<T | null> {
      return Promise.race([
        work.catch((error: unknown) => {
          if (ended) return null;
          throw error;
        }),
        end.then(() => null),
      ]);
    },
  };
}

function memoryRecord(world: World, away: <T>(effect: () => T) => Promise<T>): UserRecord {
  const table = (name: RecordTable): Map<string, RecordRow> => {
    const known = world.rows.get(name) ?? new Map<string, RecordRow>();
    world.rows.set(name, known);
    return known;
  };
  return {
    put: (name, rows) =>
      away(() => {
        for (const row of rows) if ((table(name).get(row.id)?.rev ?? -1) < row.rev) table(name).set(row.id, row);
      }),
    delete: (name, ids) => away(() => ids.forEach((id) => table(name).delete(id))),
    page: (name, after, limit) =>
      away(() =>
        [...table(name).values()]
          .toSorted((a, b) => (a.id < b.id ? -1 : 1))
          .filter(({ id }) => after === null || id > after)
          .slice(0, limit),
      ),
    putChunks: (id, chunks) =>
      away(() => {
        const known = world.chunks.get(id) ?? new Map<number, Chunk>();
        for (const chunk of chunks) known.set(chunk.position, chunk);
        world.chunks.set(id, known);
      }),
    deleteChunks: (id) => away(() => void world.chunks.delete(id)),
    chunks: (id, from, limit) =>
      away(() =>
        [...(world.chunks.get(id)?.values() ?? [])]
          .filter(({ position }) => position >= from)
          .toSorted((a, b) => a.position - b.position)
          .slice(0, limit),
      ),
    clear: () => away(() => world.chunks.clear()),
  };
}

function memoryOriginals(world: World, away: <T>(effect: () => T) => Promise<T>, newId: () => string): Originals {
  const owns = (key: string): boolean => key.startsWith("u/ada/uploads/");
  return {
    owns,
    newKey: () => `u/ada/uploads/2026-11/${newId()}`,
    head: (key) => away(() => (owns(key) ? (world.files.get(key)?.file ?? null) : null)),
    read: (key) => away(() => world.files.get(key)?.bytes.slice() ?? null),
    hash: (key) =>
      away(() => {
        const bytes = owns(key) ? world.files.get(key)?.bytes : undefined;
        return bytes ? createHash("sha256").update(bytes).digest("hex") : null;
      }),
    put: (file, bytes) => away(() => void world.files.set(file.key, { file: { ...file, size: bytes.byteLength }, bytes: bytes.slice() })),
    delete: (keys) => away(() => keys.forEach((key) => world.files.delete(key))),
  };
}
