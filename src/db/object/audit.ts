import { z } from "zod";
import { AuditEntry, GENESIS, sealedText, verifyChain, type ChainFault } from "../../audit/entry.ts";
import { hmacHex, sha256Hex } from "../../audit/hash.ts";
import type { SettingStore } from "./settings.ts";

export const auditSchema: readonly string[] = [
  // Append-only, each entry naming the one before by its hash. Triggers refuse what would change the past.
  `CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    channel TEXT,
    tool TEXT,
    effect TEXT,
    entry TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX audit_by_kind ON audit (kind, event, seq)`,
  `CREATE INDEX audit_by_tool ON audit (tool, seq) WHERE tool IS NOT NULL`,
  `CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END`,
  `CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END`,
];

/** What the caller says of an entry; texts that were read, said or sent come in whole and are kept as hashes. */
export type NewAuditEntry = Pick<AuditEntry, "kind" | "event" | "actor" | "summary"> &
  Partial<Omit<AuditEntry, "seq" | "prev" | "hash" | "input_hash" | "output_hash" | "saw">> & {
    input?: string | null;
    output?: string | null;
    saw?: readonly { id: string; text: string }[];
  };

export const AuditQuery = z.object({
  /** UTC milliseconds. */
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  kind: AuditEntry.shape.kind.optional(),
  event: z.string().max(40).optional(),
  tool: z.string().max(100).optional(),
  effect: z.string().max(40).optional(),
  channel: z.string().max(40).optional(),
  /** Words of the summary, reason or destinations. */
  text: z.string().max(200).optional(),
  /** Entries before this number. */
  before: z.number().int().optional(),
  /** Entries after this number, oldest first. */
  after: z.number().int().optional(),
  limit: z.number().int().min(1).max(1000).default(100),
});
export type AuditQuery = z.input<typeof AuditQuery>;

/** The longest line kept for a person. */
const MAX_SUMMARY = 500;
const KEY = "audit_key";

/** What an entry has where its caller says nothing of it. */
const NOTHING_SAID = {
  channel: null,
  turn_id: null,
  subject: null,
  tool: null,
  effect: null,
  reason: null,
  basis: null,
  destinations: [],
  tainted: false,
  cost_micro_usd: null,
};

/** The user's audit trail. */
export class AuditStore {
  #head: { seq: number; hash: string } | null = null;
  #key: string | null = null;

  constructor(
    private readonly sql: SqlStorage,
    private readonly settings: SettingStore,
    private readonly deps: { now(): number; randomHex(): string },
  ) {}

  append(entry: NewAuditEntry): AuditEntry {
    const head = this.head();
    const { input, output, saw, ...rest } = entry;
    const open: Omit<AuditEntry, "hash"> = {
      ...NOTHING_SAID,
      at: this.deps.now(),
      ...rest,
      summary: short(rest.summary),
      seq: head.seq + 1,
      saw: (saw ?? []).map(({ id, text }) => `${id}:${this.#hmac(text).slice(0, 32)}`),
      input_hash: input === undefined || input === null ? null : this.#hmac(input),
      output_hash: output === undefined || output === null ? null : this.#hmac(output),
      prev: head.hash,
    };
    const sealed: AuditEntry = { ...open, hash: sha256Hex(sealedText(open)) };
    this.sql.exec(
      "INSERT INTO audit (seq, at, kind, event, channel, tool, effect, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      sealed.seq,
      sealed.at,
      sealed.kind,
      sealed.event,
      sealed.channel,
      sealed.tool,
      sealed.effect,
      JSON.stringify(sealed),
    );
    this.#head = { seq: sealed.seq, hash: sealed.hash };
    return sealed;
  }

  /** After a transaction that was undone the newest entry is not what it was, nor perhaps the key. */
  forget(): void {
    this.#head = null;
    this.#key = null;
  }

  head(): { seq: number; hash: string } {
    if (this.#head === null) {
      const [row] = this.sql.exec<{ seq: number; entry: string }>("SELECT seq, entry FROM audit ORDER BY seq DESC LIMIT 1").toArray();
      // One that cannot be read any more stops nothing; the check says that it was changed.
      this.#head = row === undefined ? { seq: 0, hash: GENESIS } : { seq: row.seq, hash: readEntry(row.entry)?.hash ?? "" };
    }
    return this.#head;
  }

  /** The hash of an entry; null: there is none of that number. */
  hashOf(seq: number): string | null {
    const row = this.sql.exec<{ entry: string }>("SELECT entry FROM audit WHERE seq = ?", seq).toArray()[0];
    return row === undefined ? null : (readEntry(row.entry)?.hash ?? null);
  }

  /** Newest first, or oldest first after `after`. */
  find(query: AuditQuery): AuditEntry[] {
    const { since, until, kind, event, tool, effect, channel, text, before, after, limit } = AuditQuery.parse(query);
    const where: string[] = [];
    const values: SqlStorageValue[] = [];
    const add = (condition: string, value: SqlStorageValue | undefined): void => {
      if (value === undefined) return;
      where.push(condition);
      values.push(value);
    };
    add("at >= ?", since);
    add("at < ?", until);
    add("kind = ?", kind);
    add("event = ?", event);
    add("tool = ?", tool);
    add("effect = ?", effect);
    add("channel = ?", channel);
    add("seq < ?", before);
    add("seq > ?", after);
    for (const word of (text ?? "")
      .toLowerCase()
      .split(/\s+/)
      .filter((one) => one !== "")) {
      where.push(
        "instr(lower(json_extract(entry, '$.summary') || ' ' || coalesce(json_extract(entry, '$.reason'), '') || ' ' || json_extract(entry, '$.destinations')), ?) > 0",
      );
      values.push(word);
    }
    return this.sql
      .exec<{ entry: string }>(
        `SELECT entry FROM audit ${where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`} ORDER BY seq ${after === undefined ? "DESC" : "ASC"} LIMIT ?`,
        ...values,
        limit,
      )
      .toArray()
      .flatMap(({ entry }) => readEntry(entry) ?? []);
  }

  /** Checks the whole chain, a part at a time: the object goes on with other work in between. */
  async verify(): Promise<{ entries: number; head: { seq: number; hash: string }; fault: ChainFault | null }> {
    let head = { seq: 0, hash: GENESIS };
    for (;;) {
      const rows = this.sql
        .exec<AuditRow>(`SELECT ${COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ${VERIFY_PAGE}`, head.seq)
        .toArray();
      if (rows.length === 0) return { entries: head.seq, head, fault: null };
      const checked = verifyChain(rows.map(readRow), sha256Hex, head);
      head = checked.head;
      if (checked.fault !== null) return { entries: head.seq, head, fault: checked.fault };
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  /** A mark of a text: the same for the same one, and telling nothing. */
  mark(text: string): string {
    return this.#hmac(`mark ${text}`);
  }

  /** Keyed for this user, so that a hash tells nothing to who does not have the key; made once, and gone with the account. */
  #hmac(text: string): string {
    this.#key ??= this.settings.read(KEY, z.string()) ?? this.#makeKey();
    return hmacHex(this.#key, text);
  }

  #makeKey(): string {
    const key = this.deps.randomHex();
    this.settings.write(KEY, key, this.deps.now());
    return key;
  }
}

interface AuditRow extends Record<string, SqlStorageValue> {
  seq: number;
  at: number;
  kind: string;
  event: string;
  channel: string | null;
  tool: string | null;
  effect: string | null;
  entry: string;
}

const COLUMNS = "seq, at, kind, event, channel, tool, effect, entry";
const VERIFY_PAGE = 2_000;

/** An entry as its row has it. What cannot be read, or is found under other columns than its own, was changed: it gets a hash that is right for nothing. */
function readRow({ entry, ...columns }: AuditRow): AuditEntry {
  const read = readEntry(entry);
  if (read === null) return { ...UNREADABLE, seq: columns.seq };
  const { at, kind, event, channel, tool, effect } = columns;
  const same = read.seq === columns.seq && read.at === at && read.kind === kind && read.event === event && read.channel === channel;
  return same && read.tool === tool && read.effect === effect ? read : { ...read, hash: "" };
}

/** null: it cannot be read. */
function readEntry(text: string): AuditEntry | null {
  try {
    return AuditEntry.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const UNREADABLE: AuditEntry = {
  ...NOTHING_SAID,
  seq: 0,
  at: 0,
  kind: "message",
  event: "",
  actor: "system",
  saw: [],
  input_hash: null,
  output_hash: null,
  summary: "",
  prev: "",
  hash: "",
};

const short = (text: string): string => (text.length <= MAX_SUMMARY ? text : `${text.slice(0, MAX_SUMMARY - 1).toWellFormed()}…`);
