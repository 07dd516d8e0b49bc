import type { MessagePage, MessageQuery } from "../../agent/shapes.ts";
import type { StoredStep } from "../../agent/stored-step.ts";
import type { MessageView } from "../../channels/events.ts";
import type { ChannelId, ContentItem } from "../../channels/message.ts";
import type { Rewrite } from "../../memory/forget-words.ts";
import type { ArchivedMessage } from "../../memory/archive.ts";
import { rewrittenJson } from "./quoting-tables.ts";
import {
  type ContextMessage,
  type NewMessage,
  stepsOf,
  type StoredMessage,
  toArchived,
  toContext,
  toView,
  viewOf,
} from "./message-rows.ts";

export type { ContextMessage, MessageKind, NewMessage, StoredMessage } from "./message-rows.ts";

const COLUMNS =
  "id, seq, conversation_id, role, kind, channel, text, content, steps, tainted, turn_id, status, error, model, usage, created_at, superseded_at";

const CONTEXT_COLUMNS = "id, seq, role, channel, text, content, steps, tainted, status, error, created_at";
/** Queued, dropped, superseded and command rows are no part of a context. */
const IN_CONTEXT = "kind = 'chat' AND status != 'queued' AND superseded_at IS NULL AND NOT (role = 'user' AND status = 'cancelled')";

const ARCHIVE_COLUMNS = "id, seq, conversation_id, role, text, tainted, turn_id, status, created_at";
const IN_ARCHIVE = "kind = 'chat' AND superseded_at IS NULL AND NOT (role = 'user' AND status = 'cancelled')";

/** The few that have files: a question names it word for word as the index does. */
export const MESSAGE_WITH_FILE = `instr(content, '"kind":"file"') > 0`;
export const messageFileSchema: readonly string[] = [`CREATE INDEX message_with_file ON message (seq) WHERE ${MESSAGE_WITH_FILE}`];

/** The user's messages, in their object's SQLite. */
export class MessageStore {
  #lastSeq: number | null = null;
  /** The conversation's context as last read; messages that came since are appended to it. */
  #context: { conversationId: string; fromSeq: number; lastSeq: number; messages: ContextMessage[] } | null = null;
  /** `changed` hears of messages whose text is another now, by their ids. */
  constructor(
    private readonly sql: SqlStorage,
    private readonly changed: (ids: readonly string[]) => void = () => undefined,
  ) {}

  lastSeq(): number {
    this.#lastSeq ??= Number(this.sql.exec("SELECT coalesce(max(seq), 0) AS seq FROM message").one()["seq"]);
    return this.#lastSeq;
  }

  insert(message: NewMessage): MessageView {
    const seq = this.lastSeq() + 1;
    this.#lastSeq = seq;
    this.sql.exec(
      `INSERT INTO message (id, seq, conversation_id, role, kind, channel, text, content, steps, tainted, turn_id, external_id, status, error, model, usage, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      message.id,
      seq,
      message.conversationId,
      message.role,
      message.kind,
      message.channel,
      message.text,
      JSON.stringify(message.content),
      JSON.stringify(message.steps),
      message.tainted ? 1 : 0,
      message.turnId,
      message.externalId,
      message.status,
      message.error && JSON.stringify(message.error),
      message.model,
      message.usage && JSON.stringify(message.usage),
      message.createdAt,
    );
    return viewOf(message, seq, null);
  }

  has(id: string): boolean {
    return this.sql.exec("SELECT 1 FROM message WHERE id = ?", id).toArray().length > 0;
  }

  get(id: string): MessageView | null {
    const row = this.sql.exec(`SELECT ${COLUMNS} FROM message WHERE id = ?`, id).toArray()[0];
    return row ? toView(row, this.sql) : null;
  }

  /** The newest message a channel knows by its own id. */
  byExternalId(channel: ChannelId, externalId: string): StoredMessage | null {
    const row = this.sql
      .exec(`SELECT ${COLUMNS} FROM message WHERE channel = ? AND external_id = ? ORDER BY seq DESC LIMIT 1`, channel, externalId)
      .toArray()[0];
    return row ? { view: toView(row, this.sql), kind: row["kind"] === "command" ? "command" : "chat" } : null;
  }

  ofTurn(turnId: string): MessageView[] {
    return this.sql
      .exec(`SELECT ${COLUMNS} FROM message WHERE turn_id = ? ORDER BY seq`, turnId)
      .toArray()
      .map((row) => toView(row, this.sql));
  }

  /** Gives a queued message to its turn; it moves to the end when others came after it. */
  joinTurn(id: string, turnId: string): void {
    const last = this.lastSeq();
    const joined = this.sql.exec("UPDATE message SET turn_id = ?, status = 'done' WHERE id = ? RETURNING seq", turnId, id);
    if (Number(joined.one()["seq"]) === last) return;
    // Apart, since to name the number is to write its indexes anew: most messages are answered as they come.
    this.sql.exec("UPDATE message SET seq = ? WHERE id = ?", last + 1, id);
    this.#lastSeq = last + 1;
  }

  /** A parked call has ended: its answer takes the place of the placeholder, in the history and in what the model reads. Gives the message it is in. */
  settleCall(
    turnId: string,
    callId: string,
    end: Pick<StoredStep["calls"][number], "status" | "output" | "summary" | "untrusted" | "suspicious" | "links">,
  ): MessageView | null {
    const row = this.sql
      .exec("SELECT id, steps FROM message WHERE turn_id = ? AND role = 'assistant' AND steps != '[]' ORDER BY seq DESC LIMIT 1", turnId)
      .toArray()[0];
    if (!row) return null;
    const before = stepsOf(String(row["steps"]));
    // What a program called stands in no step.
    if (!before.some(({ calls }) => calls.some((call) => call.callId === callId))) return null;
    this.#context = null;
    const steps = before.map((step) => ({
      ...step,
      calls: step.calls.map((call) => (call.callId === callId ? { ...call, ...end } : call)),
    }));
    this.sql.exec(
      "UPDATE message SET steps = ?, tainted = max(tainted, ?) WHERE id = ?",
      JSON.stringify(steps),
      end.untrusted === null ? 0 : 1,
      String(row["id"]),
    );
    return this.get(String(row["id"]));
  }

  setStatus(id: string, status: MessageView["status"]): void {
    this.#context = null;
    this.sql.exec("UPDATE message SET status = ? WHERE id = ?", status, id);
  }

  replaceText(id: string, text: string, content: ContentItem[]): void {
    this.#context = null;
    this.sql.exec(
      "UPDATE message SET text = ?, content = ?, tainted = ? WHERE id = ?",
      text,
      JSON.stringify(content),
      content.length > 0 ? 1 : 0,
      id,
    );
  }

  /** Whether any message has a file. */
  hasFile(key: string): boolean {
    const found = this.sql.exec(`SELECT 1 FROM message WHERE ${MESSAGE_WITH_FILE} AND instr(content, ?) > 0 LIMIT 1`, JSON.stringify(key));
    return found.toArray().length > 0;
  }

  /** A file's bytes are gone: the messages that have it say so. */
  fileDeleted(key: string): void {
    this.#context = null;
    const named = `"key":${JSON.stringify(key)}`;
    const ids = this.sql
      .exec(
        `UPDATE message SET content = replace(content, ?1, ?2) WHERE ${MESSAGE_WITH_FILE} AND instr(content, ?1) > 0 RETURNING id`,
        named,
        `${named},"deleted":true`,
      )
      .toArray()
      .map((row) => String(row["id"]));
    if (ids.length > 0) this.changed(ids);
  }

  /** After a transaction that was undone: what is kept in memory is read anew. */
  forget(): void {
    this.#context = null;
  }

  /** Replaces a piece of text wherever it stands in what was said: a secret by what stands in its place, or back. Gives how many messages had it. */
  replaceEverywhere(text: string, by: string): number {
    this.#context = null;
    // In JSON columns it stands escaped.
    const [inJson, byJson] = [JSON.stringify(text).slice(1, -1), JSON.stringify(by).slice(1, -1)];
    const ids = this.sql
      .exec(
        `UPDATE message SET text = replace(text, ?1, ?2), content = replace(content, ?3, ?4), steps = replace(steps, ?3, ?4)
         WHERE instr(text, ?1) > 0 OR instr(content, ?3) > 0 OR instr(steps, ?3) > 0 RETURNING id`,
        text,
        by,
        inJson,
        byJson,
      )
      .toArray()
      .map((row) => String(row["id"]));
    if (ids.length > 0) this.changed(ids);
    return ids.length;
  }

  /**
   * Goes through every message and writes anew what `rewrite` changed of its texts. All are read: SQLite folds no letters but ASCII, so it cannot say which hold a word. Gives the ids of
   * those that changed.
   */
  rewrite(rewrite: Rewrite): string[] {
    this.#context = null;
    const ids: string[] = [];
    for (let last = 0; ;) {
      const rows = this.sql
        .exec<{ row: number; id: string; text: string; content: string; steps: string }>(
          "SELECT rowid AS row, id, text, content, steps FROM message WHERE rowid > ? ORDER BY rowid LIMIT 200",
          last,
        )
        .toArray();
      if (rows.length === 0) break;
      last = rows.at(-1)?.row ?? last;
      for (const row of rows) {
        const text = rewrite.text(row.text);
        const content = rewrittenJson(row.content, rewrite);
        const steps = rewrittenJson(row.steps, rewrite);
        if (text === row.text && content === row.content && steps === row.steps) continue;
        this.sql.exec("UPDATE message SET text = ?, content = ?, steps = ? WHERE id = ?", text, content, steps, row.id);
        ids.push(row.id);
      }
    }
    if (ids.length > 0) this.changed(ids);
    return ids;
  }

  /** Nothing of what was taken out of texts is left in the index over them. */
  purge(): void {
    this.sql.exec("INSERT INTO message_fts (message_fts) VALUES ('optimize')");
  }

  /** Chat messages of every conversation after a number that were not taken back, in order. */
  archiveAfter(seq: number, limit: number): ArchivedMessage[] {
    return this.sql
      .exec(`SELECT ${ARCHIVE_COLUMNS} FROM message WHERE seq > ? AND ${IN_ARCHIVE} ORDER BY seq LIMIT ?`, seq, limit)
      .toArray()
      .map(toArchived);
  }

  /** Those of some messages that are in the archive. */
  archived(ids: readonly string[]): ArchivedMessage[] {
    return this.sql
      .exec(
        `SELECT ${ARCHIVE_COLUMNS} FROM message WHERE id IN (SELECT value FROM json_each(?)) AND ${IN_ARCHIVE} ORDER BY seq`,
        JSON.stringify(ids),
      )
      .toArray()
      .map(toArchived);
  }

  /** Takes a message and everything after it out of the context; the rows stay, and what waits for its turn still gets one. Returns how many left. */
  supersedeFrom(conversationId: string, seq: number, now: number): number {
    this.#context = null;
    return this.sql.exec(
      "UPDATE message SET superseded_at = ? WHERE conversation_id = ? AND seq >= ? AND superseded_at IS NULL AND status != 'queued'",
      now,
      conversationId,
      seq,
    ).rowsWritten;
  }

  /** The turns that answered a message of a conversation from a number on and are still part of it, oldest first. */
  turnsFrom(conversationId: string, seq: number): string[] {
    return this.sql
      .exec(
        "SELECT turn_id, min(seq) AS first FROM message WHERE conversation_id = ? AND seq >= ? AND turn_id IS NOT NULL AND kind = 'chat' AND superseded_at IS NULL GROUP BY turn_id ORDER BY first",
        conversationId,
        seq,
      )
      .toArray()
      .map((row) => String(row["turn_id"]));
  }

  /** The newest of a side. What began by itself nobody sent, also where it is the user's word. */
  lastOf(conversationId: string, role: MessageView["role"]): MessageView | null {
    const row = this.sql
      .exec(
        `SELECT ${COLUMNS} FROM message WHERE conversation_id = ? AND role = ? AND NOT (role = 'user' AND channel = 'agent') AND kind = 'chat' AND superseded_at IS NULL ORDER BY seq DESC LIMIT 1`,
        conversationId,
        role,
      )
      .toArray()[0];
    return row ? toView(row, this.sql) : null;
  }

  /**
   * The newest messages from `fromSeq` on that belong in a turn's context, oldest first. Queued, dropped, superseded and command rows are not part of it. Only
   * what is new since the last call is read.
   */
  context(conversationId: string, fromSeq: number, limit: number): ContextMessage[] {
    const known = this.#context?.conversationId === conversationId && this.#context.fromSeq <= fromSeq ? this.#context : null;
    const rows = this.sql
      .exec(
        `SELECT ${CONTEXT_COLUMNS} FROM message
         WHERE conversation_id = ? AND seq >= ? AND seq > ? AND ${IN_CONTEXT}
         ORDER BY seq DESC LIMIT ?`,
        conversationId,
        fromSeq,
        known?.lastSeq ?? 0,
        limit,
      )
      .toArray();
    const fresh = rows.toReversed().map(toContext);
    const messages = [...(known?.messages.filter((message) => message.seq >= fromSeq) ?? []), ...fresh].slice(-limit);
    this.#context = { conversationId, fromSeq, lastSeq: messages.at(-1)?.seq ?? 0, messages };
    return messages;
  }

  /** What belongs in a context of the messages from one number up to before another, the newest `limit` of them, oldest first. */
  contextRange(conversationId: string, fromSeq: number, beforeSeq: number, limit: number): ContextMessage[] {
    return this.sql
      .exec(
        `SELECT ${CONTEXT_COLUMNS} FROM message
         WHERE conversation_id = ? AND seq >= ? AND seq < ? AND ${IN_CONTEXT} ORDER BY seq DESC LIMIT ?`,
        conversationId,
        fromSeq,
        beforeSeq,
        limit,
      )
      .toArray()
      .toReversed()
      .map(toContext);
  }

  /** A page of history. With `search`, best matches by BM25 first are cut to `limit`, then shown oldest first. */
  page(query: MessageQuery): MessagePage {
    if (query.around !== undefined) return this.#around(query.around, query.limit);
    const where: string[] = [];
    const values: SqlStorageValue[] = [];
    if (query.conversation_id) {
      where.push("message.conversation_id = ?");
      values.push(query.conversation_id);
    } else if (query.search === undefined) {
      // What was imported is found by a search; the history is what was said here. Written as the index `message_own` has it.
      where.push("substr(message.conversation_id, 1, 7) <> 'import:'");
    }
    if (query.before !== undefined) {
      where.push("message.seq < ?");
      values.push(query.before);
    }
    if (query.after !== undefined) {
      where.push("message.seq > ?");
      values.push(query.after);
    }
    const columns = COLUMNS.split(", ")
      .map((column) => `message.${column}`)
      .join(", ");
    const match = query.search === undefined ? null : ftsQuery(query.search);
    if (query.search !== undefined && match === null) return { messages: [], next_before: null };
    const from = match === null ? "message" : "message_fts JOIN message ON message.rowid = message_fts.rowid";
    if (match !== null) {
      where.push("message_fts MATCH ?");
      values.push(match);
    }
    const forward = query.after !== undefined && query.before === undefined && match === null;
    const rows = this.sql
      .exec(
        `SELECT ${columns} FROM ${from} ${where.length ? `WHERE ${where.join(" AND ")}` : ""}
         ORDER BY ${match === null ? `message.seq ${forward ? "ASC" : "DESC"}` : "bm25(message_fts), message.seq DESC"} LIMIT ?`,
        ...values,
        query.limit + 1,
      )
      .toArray();
    const more = rows.length > query.limit;
    const messages = rows
      .slice(0, query.limit)
      .map((row) => toView(row, this.sql))
      .toSorted((a, b) => a.seq - b.seq);
    return { messages, next_before: more && match === null && !forward ? (messages[0]?.seq ?? null) : null };
  }

  /** A message and its neighbours on both sides; none when it is not there. */
  #around(id: string, limit: number): MessagePage {
    const place = this.sql
      .exec<{ conversation_id: string; seq: number }>("SELECT conversation_id, seq FROM message WHERE id = ?", id)
      .toArray()[0];
    if (place === undefined) return { messages: [], next_before: null };
    const { conversation_id, seq } = place;
    const after = this.page({ conversation_id, after: seq - 1, limit: Math.ceil((limit + 1) / 2) }).messages;
    const before = this.page({ conversation_id, before: seq, limit: Math.max(1, limit - after.length) });
    return { messages: [...before.messages, ...after].slice(-limit), next_before: before.next_before };
  }
}

/** Plain words as an FTS5 query: every word must appear, the last one as a prefix. Null when there is no word. */
export function ftsQuery(words: string): string | null {
  const terms = words.match(/[\p{L}\p{N}]+/gu);
  if (!terms) return null;
  return terms.map((term, index) => `"${term}"${index === terms.length - 1 ? "*" : ""}`).join(" ");
}
