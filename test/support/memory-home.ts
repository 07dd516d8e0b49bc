import { ForgottenStore } from "../../src/db/object/forgotten.ts";
import { MemoryStore } from "../../src/db/object/memories.ts";
import { MessageStore, type NewMessage } from "../../src/db/object/messages.ts";
import { RecordOps } from "../../src/db/object/record-ops.ts";
import { ObjectSearchIndex } from "../../src/db/object/search-index.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import { Exchange } from "../../src/memory/exchange.ts";
import type { Extractor } from "../../src/memory/extraction.ts";
import { extractByRules } from "../../src/memory/extract-rules.ts";
import { Memory } from "../../src/memory/memory.ts";
import { QuietPass } from "../../src/memory/quiet-pass.ts";
import { RecordSync } from "../../src/memory/record-sync.ts";
import type { RecordRow, RecordTable, UserRecord } from "../../src/memory/record.ts";
import type { NewMemory } from "../../src/memory/stored-memory.ts";
import { remembered } from "../../src/tools/memory/remembered.ts";

export const NOW = Date.parse("2026-11-18T09:15:00Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The record, in memory, which can be away. */
export function fakeRecord() {
  const tables: Record<RecordTable, Map<string, RecordRow>> = { memory: new Map(), document: new Map(), collection: new Map() };
  const state = { away: false };
  const reach = (): void => {
    if (state.away) throw new Error("D1 is away");
  };
  const record: UserRecord = {
    async put(table, rows) {
      reach();
      for (const row of rows) if ((tables[table].get(row.id)?.rev ?? 0) < row.rev) tables[table].set(row.id, row);
    },
    async delete(table, ids) {
      reach();
      for (const id of ids) tables[table].delete(id);
    },
    async page(table, after, limit) {
      reach();
      const rows = [...tables[table].values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return rows.filter(({ id }) => after === null || id > after).slice(0, limit);
    },
    putChunks: async () => undefined,
    deleteChunks: async () => undefined,
    chunks: async () => [],
    clear: async () => undefined,
  };
  return { record, state, rows: tables.memory };
}

/** A user's memory in an object's storage that has its tables: stores, index and rules are the product's own. */
export function memoryOn(storage: DurableObjectStorage, outside: ReturnType<typeof fakeRecord> = fakeRecord()) {
  const clock = { now: NOW };
  const now = (): number => clock.now;
  const { sql } = storage;
  let ids = Number(sql.exec("SELECT count(*) AS n FROM memory").one()["n"]);
  const newId = (): string => `${String(++ids).padStart(8, "0")}-0000-4000-8000-${crypto.randomUUID().slice(24)}`;
  const transaction = <T>(work: () => T): T => {
    try {
      return storage.transactionSync(work);
    } catch (error) {
      settings.forget();
      throw error;
    }
  };
  const settings = new SettingStore(sql);
  const messages = new MessageStore(sql, () => undefined);
  const index = new ObjectSearchIndex({ sql, embedder: () => localEmbedder });
  const ops = new RecordOps(sql);
  const store = new MemoryStore({ sql, ops, newId });
  const sync = new RecordSync({ record: outside.record, ops, read: (_table, id) => store.record(id), log: () => undefined });
  const background: Promise<unknown>[] = [];
  const redacted: { text: string; quote: string | null }[] = [];
  const audited: NewAuditEntry[] = [];
  const state: { busy: boolean; wakes: number; redactions: number; skills: string[] } = {
    busy: false,
    wakes: 0,
    redactions: 0,
    skills: [],
  };
  const exchange = new Exchange({ messages, timeZone: () => "UTC", runningTurn: () => null });
  const memory = new Memory({
    store,
    forgotten: new ForgottenStore(sql),
    index,
    record: outside.record,
    sync,
    settings,
    inSkills: () => state.skills,
    redact(texts) {
      redacted.push(...texts);
      return state.redactions++ === 0 ? 1 : 0;
    },
    busy: () => state.busy,
    place: (hit) =>
      hit.space === "archive" ? exchange.place(hit) : { id: hit.id, text: hit.text, from: "Handbook, page 4", tainted: true },
    audit: (entry) => void audited.push(entry),
    transaction,
    background: (work) => void background.push(work),
    wake: () => void state.wakes++,
    now,
    timeZone: () => "UTC",
  });
  const quietWith = (extractor: Extractor = extractByRules, scrub = async (texts: readonly string[]) => [...texts]): QuietPass =>
    new QuietPass({
      messages,
      memory,
      store,
      settings,
      extractor: () => extractor,
      scrub,
      audit: (entry) => void audited.push(entry),
      transaction,
      log: () => undefined,
      now,
    });
  let seq = 0;
  const say = (text: string, change: Partial<NewMessage> = {}): string => {
    const id = change.id ?? `message-${++seq}`;
    messages.insert({
      id,
      conversationId: "c1",
      role: "user",
      kind: "chat",
      channel: "web",
      text,
      content: [],
      steps: [],
      tainted: false,
      turnId: `turn-${seq}`,
      externalId: null,
      status: "done",
      error: null,
      model: null,
      usage: null,
      createdAt: clock.now,
      ...change,
    });
    return id;
  };
  const texts = (): string[] =>
    store
      .newest(1_000)
      .map(({ text }) => text)
      .toReversed();
  return {
    storage,
    sql,
    clock,
    settings,
    messages,
    index,
    store,
    sync,
    memory,
    quietWith,
    say,
    texts,
    outside,
    redacted,
    audited,
    state,
    ops,
    port: remembered({ memory, store, messages, now }),
    add: (text: string, change: Partial<NewMemory> = {}) => memory.remember({ ...aMemory, text, ...change }),
    settled: async () => void (await Promise.all(background)),
  };
}

export type MemoryHome = ReturnType<typeof memoryOn>;

/** Said by the user, and asked to be remembered. */
export const aMemory: NewMemory = {
  kind: "fact",
  text: "",
  about_at: null,
  source: { kind: "chat", id: "m1", quote: null, channel: "web" },
  confidence: 1,
  tainted: false,
  pinned: false,
  asked: true,
  expires_at: null,
};
