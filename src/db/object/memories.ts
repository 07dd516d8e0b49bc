import { MargayError } from "../../errors.ts";
import type { RecordRow } from "../../memory/record.ts";
import { MemoryKind, type MemoryQuery, MemorySource } from "../../memory/shapes.ts";
import { statementOf } from "../../memory/statement.ts";
import { type NewMemory, StoredMemory } from "../../memory/stored-memory.ts";
import type { RecordOps } from "./record-ops.ts";

/** How many memories a user may have, past ones too. */
export const MAX_MEMORIES = 20_000;
/** Pieces of what was said that one memory keeps. */
const MAX_QUOTES = 10;

/**
 * What is remembered, with the record in D1 (`record_op` says what that has not got yet). `seq` is the number a person sees. `stems` is the statement as it is compared: no two current
 * memories have the same, which the index makes sure of. `slot` is the attribute of the user that it gives a value to. `asked`: the user wanted it remembered. `call_key` is the tool call
 * that made the row. `memory_forgotten` holds what is being forgotten until every trace is known to be gone: a crash in the middle must not leave one.
 */
export const memorySchema: readonly string[] = [
  `CREATE TABLE memory (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('profile', 'fact', 'episode', 'ephemeral')),
    text TEXT NOT NULL,
    stems TEXT NOT NULL,
    slot TEXT,
    about_at INTEGER,
    source TEXT NOT NULL,
    quotes TEXT NOT NULL,
    confidence REAL NOT NULL,
    tainted INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_used_at INTEGER,
    uses INTEGER NOT NULL,
    replaces TEXT,
    superseded_at INTEGER,
    superseded_by TEXT,
    expires_at INTEGER,
    call_key TEXT UNIQUE,
    rev INTEGER NOT NULL
  ) STRICT`,
  `CREATE UNIQUE INDEX memory_statement ON memory (stems) WHERE superseded_at IS NULL`,
  `CREATE INDEX memory_slot ON memory (slot) WHERE slot IS NOT NULL AND superseded_at IS NULL`,
  `CREATE INDEX memory_always ON memory (seq) WHERE superseded_at IS NULL AND (kind = 'profile' OR pinned = 1)`,
  `CREATE INDEX memory_expires ON memory (expires_at) WHERE expires_at IS NOT NULL AND superseded_at IS NULL`,
  `CREATE INDEX memory_chain ON memory (superseded_by) WHERE superseded_by IS NOT NULL`,
  `CREATE TABLE memory_forgotten (
    id TEXT PRIMARY KEY,
    texts TEXT NOT NULL,
    call_key TEXT,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

type Row = Record<string, SqlStorageValue>;

/** What may be changed of a memory without another taking its place. */
export type MemoryChange = Partial<
  Pick<
    StoredMemory,
    | "kind"
    | "text"
    | "about_at"
    | "source"
    | "quotes"
    | "confidence"
    | "tainted"
    | "asked"
    | "pinned"
    | "expires_at"
    | "superseded_at"
    | "superseded_by"
    | "replaces"
  >
>;

export interface MemoryStoreDeps {
  sql: SqlStorage;
  ops: RecordOps;
  newId(): string;
}

/** What the user's agent remembers, in their object's SQLite. Call its writes inside a transaction: each notes for the record what it changed. */
export class MemoryStore {
  readonly #deps: MemoryStoreDeps;
  /** Grows with every change of what there is: what is kept of it in memory is then made anew. */
  version = 0;

  constructor(deps: MemoryStoreDeps) {
    this.#deps = deps;
  }

  get(id: string): StoredMemory | null {
    return this.#one("id = ?", id);
  }

  /** By the number that a person sees. */
  numbered(number: number): StoredMemory | null {
    return this.#one("seq = ?", number);
  }

  numberOf(id: string): number {
    return Number(this.#deps.sql.exec("SELECT seq FROM memory WHERE id = ?", id).one()["seq"]);
  }

  /** By the first characters of its id. */
  prefixed(start: string, limit: number): StoredMemory[] {
    return this.#all("id >= ? AND id < ? LIMIT ?", start, `${start}~`, limit);
  }

  /** What a tool call made. */
  ofCall(key: string): StoredMemory | null {
    return this.#one("call_key = ?", key);
  }

  /** The current one that says exactly this. */
  saying(key: string): StoredMemory | null {
    return this.#one("stems = ? AND superseded_at IS NULL", key);
  }

  /** Current ones that give this attribute a value. */
  inSlot(slot: string): StoredMemory[] {
    return this.#all("slot = ? AND superseded_at IS NULL ORDER BY seq", slot);
  }

  /** Those that are always in context: profile and pinned, oldest first. */
  always(): StoredMemory[] {
    return this.#all("superseded_at IS NULL AND (kind = 'profile' OR pinned = 1) ORDER BY seq");
  }

  /** Current ones, newest first. */
  newest(limit: number): StoredMemory[] {
    return this.#all("superseded_at IS NULL ORDER BY seq DESC LIMIT ?", limit);
  }

  /** Current ones that the user asked for and that no content from outside had a part in. */
  asked(): StoredMemory[] {
    return this.#all("asked = 1 AND tainted = 0 AND superseded_at IS NULL ORDER BY seq");
  }

  /** All, by number, after one. */
  after(seq: number, limit: number): StoredMemory[] {
    return this.#all("seq > ? ORDER BY seq LIMIT ?", seq, limit);
  }

  /** Those whose end has come by now, and are still current. */
  expired(now: number, limit: number): StoredMemory[] {
    return this.#all("expires_at <= ? AND superseded_at IS NULL ORDER BY expires_at LIMIT ?", now, limit);
  }

  /** Short-lived ones that ended before an instant. */
  ended(before: number, limit: number): StoredMemory[] {
    return this.#all("kind = 'ephemeral' AND superseded_at < ? LIMIT ?", before, limit);
  }

  nextExpiry(): number | null {
    const at = this.#deps.sql.exec("SELECT min(expires_at) AS at FROM memory WHERE expires_at IS NOT NULL AND superseded_at IS NULL").one()[
      "at"
    ];
    return at === null || at === undefined ? null : Number(at);
  }

  /** A memory with everything that it took the place of, itself first. */
  chain(id: string): StoredMemory[] {
    const found = new Map<string, StoredMemory>();
    for (let next: (StoredMemory | null)[] = [this.get(id)]; next.length > 0;) {
      const fresh = next.flatMap((one) => (one && !found.has(one.id) ? [one] : []));
      for (const one of fresh) found.set(one.id, one);
      next = fresh.flatMap((one) => this.#all("superseded_by = ?", one.id));
    }
    return [...found.values()];
  }

  /** Newest first. The cursor is the number of the last one shown. */
  page({ kind, state, limit, cursor }: MemoryQuery, now: number): { memories: StoredMemory[]; next: string | null } {
    const where: string[] = [];
    const values: SqlStorageValue[] = [];
    const is = (condition: string, ...bound: SqlStorageValue[]): void => {
      where.push(condition);
      values.push(...bound);
    };
    if (kind !== undefined) is("kind = ?", kind);
    if (state === "current") is("superseded_at IS NULL AND (expires_at IS NULL OR expires_at > ?)", now);
    if (state === "past") is("(superseded_at IS NOT NULL OR expires_at <= ?)", now);
    if (cursor !== undefined) is("seq < ?", Number(cursor) || 0);
    const rows = this.#deps.sql
      .exec<Row>(
        `SELECT * FROM memory ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""} ORDER BY seq DESC LIMIT ?`,
        ...values,
        limit + 1,
      )
      .toArray();
    const shown = rows.slice(0, limit);
    return { memories: shown.map(memoryOf), next: rows.length > limit ? String(shown.at(-1)?.["seq"]) : null };
  }

  /** Current ones by kind. */
  counts(now: number): Record<MemoryKind, number> {
    const counts: Record<MemoryKind, number> = { profile: 0, fact: 0, episode: 0, ephemeral: 0 };
    const rows = this.#deps.sql.exec<Row>(
      "SELECT kind, count(*) AS n FROM memory WHERE superseded_at IS NULL AND (expires_at IS NULL OR expires_at > ?) GROUP BY kind",
      now,
    );
    for (const row of rows) counts[MemoryKind.parse(row["kind"])] = Number(row["n"]);
    return counts;
  }

  count(): number {
    return Number(this.#deps.sql.exec("SELECT count(*) AS n FROM memory").one()["n"]);
  }

  insert(memory: NewMemory & { replaces: string | null; key: string | null; now: number }): StoredMemory {
    if (this.count() >= MAX_MEMORIES)
      throw new MargayError("conflict", `${MAX_MEMORIES.toLocaleString("en-US")} memories are as many as fit. Forget some first.`);
    const { key, now, ...fields } = memory;
    const stored: StoredMemory = {
      ...fields,
      id: this.#deps.newId(),
      quotes: fields.source.quote === null ? [] : [fields.source.quote],
      created_at: now,
      updated_at: now,
      last_used_at: null,
      uses: 0,
      superseded_at: null,
      superseded_by: null,
    };
    this.#write(stored, key, 1);
    this.#noted(stored.id);
    return stored;
  }

  update(id: string, change: MemoryChange, now: number): StoredMemory {
    const before = this.#existing(id);
    const after: StoredMemory = { ...before, ...change, updated_at: now, quotes: (change.quotes ?? before.quotes).slice(0, MAX_QUOTES) };
    this.#write(after, null, this.#rev(id) + 1);
    this.#noted(id);
    return after;
  }

  /** It entered a conversation. Says nothing new about the user: `updated_at` stays. */
  touch(ids: readonly string[], now: number): void {
    for (const id of ids) {
      const touched = this.#deps.sql.exec(
        "UPDATE memory SET uses = uses + 1, last_used_at = ?, rev = rev + 1 WHERE id = ? RETURNING id",
        now,
        id,
      );
      if (touched.toArray().length > 0) this.#deps.ops.note("memory", id);
    }
  }

  delete(ids: readonly string[]): void {
    for (const id of ids) {
      this.#deps.sql.exec("UPDATE memory SET replaces = NULL WHERE replaces = ?", id);
      this.#deps.sql.exec("UPDATE memory SET superseded_by = NULL WHERE superseded_by = ?", id);
      this.#deps.sql.exec("DELETE FROM memory WHERE id = ?", id);
      this.#noted(id);
    }
  }

  /** Puts a row of the record back, unless it is here, or was deleted here and the record does not know yet. Two that would be current with one statement: the newer is. */
  restore(row: Pick<RecordRow, "row" | "rev">): StoredMemory | null {
    const memory = StoredMemory.parse(JSON.parse(row.row));
    const going = this.#deps.sql.exec("SELECT 1 FROM record_op WHERE tbl = 'memory' AND row_id = ?", memory.id).toArray().length > 0;
    if (going || this.get(memory.id) !== null) return null;
    const same = memory.superseded_at === null ? this.saying(statementOf(memory.text).key) : null;
    if (same !== null) {
      memory.superseded_at = same.created_at;
      memory.superseded_by = same.id;
    }
    this.#write(memory, null, row.rev);
    this.version++;
    return memory;
  }

  /** As the record keeps it; null: there is none. */
  record(id: string): RecordRow | null {
    const row = this.#deps.sql.exec<Row>("SELECT * FROM memory WHERE id = ?", id).toArray()[0];
    if (!row) return null;
    const memory = memoryOf(row);
    return { id, row: JSON.stringify(memory), rev: Number(row["rev"]), updatedAt: memory.updated_at };
  }

  #noted(id: string): void {
    this.version++;
    this.#deps.ops.note("memory", id);
  }

  #rev(id: string): number {
    return Number(this.#deps.sql.exec("SELECT rev FROM memory WHERE id = ?", id).one()["rev"]);
  }

  #existing(id: string): StoredMemory {
    const memory = this.get(id);
    if (memory === null) throw new MargayError("not_found", "There is no such memory.");
    return memory;
  }

  #one(where: string, ...values: SqlStorageValue[]): StoredMemory | null {
    return this.#all(`${where} LIMIT 1`, ...values)[0] ?? null;
  }

  #all(where: string, ...values: SqlStorageValue[]): StoredMemory[] {
    return this.#deps.sql
      .exec<Row>(`SELECT * FROM memory WHERE ${where}`, ...values)
      .toArray()
      .map(memoryOf);
  }

  /** Writes all of it; an existing row keeps its number and the key it was made with. */
  #write(memory: StoredMemory, key: string | null, rev: number): void {
    const { key: stems, slot } = statementOf(memory.text);
    this.#deps.sql.exec(
      `INSERT INTO memory (id, kind, text, stems, slot, about_at, source, quotes, confidence, tainted, asked, pinned, created_at, updated_at, last_used_at, uses,
         replaces, superseded_at, superseded_by, expires_at, call_key, rev)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, text = excluded.text, stems = excluded.stems, slot = excluded.slot, about_at = excluded.about_at,
         source = excluded.source, quotes = excluded.quotes, confidence = excluded.confidence, tainted = excluded.tainted, asked = excluded.asked,
         pinned = excluded.pinned, updated_at = excluded.updated_at, replaces = excluded.replaces, superseded_at = excluded.superseded_at,
         superseded_by = excluded.superseded_by, expires_at = excluded.expires_at, rev = excluded.rev`,
      memory.id,
      memory.kind,
      memory.text,
      stems,
      slot,
      memory.about_at,
      JSON.stringify(memory.source),
      JSON.stringify(memory.quotes),
      memory.confidence,
      memory.tainted ? 1 : 0,
      memory.asked ? 1 : 0,
      memory.pinned ? 1 : 0,
      memory.created_at,
      memory.updated_at,
      memory.last_used_at,
      memory.uses,
      memory.replaces,
      memory.superseded_at,
      memory.superseded_by,
      memory.expires_at,
      key,
      rev,
    );
  }
}

const memoryOf = (row: Row): StoredMemory =>
  StoredMemory.parse({
    ...row,
    source: MemorySource.parse(JSON.parse(String(row["source"]))),
    quotes: JSON.parse(String(row["quotes"])),
    tainted: row["tainted"] === 1,
    asked: row["asked"] === 1,
    pinned: row["pinned"] === 1,
  });
