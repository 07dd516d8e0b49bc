import { todosSchema } from "./todos.ts";
import { usageSchema } from "./usage.ts";
import { vaultSchema } from "../../secrets/vault.ts";

/**
 * The first schema of a user's object. Instants are UTC milliseconds. Additive only: a later change is a new numbered file.
 * `docs/storage.md` says of every table who owns it, how long it lives and who deletes it.
 */
export const schema001: readonly string[] = [
  // What D1 says about the user, as last pushed. One row.
  `CREATE TABLE access (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    user_id TEXT NOT NULL,
    auth_version INTEGER NOT NULL,
    role TEXT NOT NULL,
    suspended INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    day_cap_micro_usd INTEGER,
    month_cap_micro_usd INTEGER
  ) STRICT`,
  // Channel identities that may speak as this user, such as telegram:<bot>:<sender>.
  `CREATE TABLE identity (identity TEXT PRIMARY KEY, linked_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  // The user's settings, one JSON value a key.
  `CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  // Messages of every conversation. seq orders them; it grows, and a queued message moves to the end when its turn starts.
  `CREATE TABLE message (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    text TEXT NOT NULL,
    content TEXT NOT NULL,
    steps TEXT NOT NULL,
    tainted INTEGER NOT NULL,
    turn_id TEXT,
    external_id TEXT,
    status TEXT NOT NULL,
    error TEXT,
    model TEXT,
    usage TEXT,
    created_at INTEGER NOT NULL,
    superseded_at INTEGER
  ) STRICT`,
  `CREATE INDEX message_by_conversation ON message (conversation_id, seq)`,
  `CREATE INDEX message_by_turn ON message (turn_id) WHERE turn_id IS NOT NULL`,
  `CREATE INDEX message_by_external ON message (channel, external_id) WHERE external_id IS NOT NULL`,
  `CREATE VIRTUAL TABLE message_fts USING fts5(text, content='message', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2')`,
  `CREATE TRIGGER message_fts_insert AFTER INSERT ON message BEGIN
    INSERT INTO message_fts (rowid, text) VALUES (new.rowid, new.text);
  END`,
  `CREATE TRIGGER message_fts_update AFTER UPDATE OF text ON message BEGIN
    INSERT INTO message_fts (message_fts, rowid, text) VALUES ('delete', old.rowid, old.text);
    INSERT INTO message_fts (rowid, text) VALUES (new.rowid, new.text);
  END`,
  `CREATE TRIGGER message_fts_delete AFTER DELETE ON message BEGIN
    INSERT INTO message_fts (message_fts, rowid, text) VALUES ('delete', old.rowid, old.text);
  END`,
  // Every inbound message by its idempotency key: what makes a repeated delivery harmless. id is the message's.
  `CREATE TABLE inbox (
    id TEXT PRIMARY KEY,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    coalesce_key TEXT,
    tier TEXT,
    state TEXT NOT NULL,
    turn_id TEXT,
    hold_until INTEGER,
    received_at INTEGER NOT NULL,
    UNIQUE (route, key)
  ) STRICT`,
  `CREATE INDEX inbox_waiting ON inbox (state) WHERE state IN ('queued', 'command')`,
  `CREATE INDEX inbox_by_turn ON inbox (turn_id) WHERE turn_id IS NOT NULL`,
  // Turns, the coordinator's tasks.
  `CREATE TABLE turn (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    tier TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    fruitless INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    input TEXT,
    reply_message_id TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX turn_running ON turn (started_at) WHERE status = 'running'`,
  // What finished steps of running turns returned.
  `CREATE TABLE step (
    turn_id TEXT NOT NULL,
    name TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (turn_id, name)
  ) STRICT, WITHOUT ROWID`,
  // Every tool call, written before and after it runs.
  `CREATE TABLE tool_call (
    id TEXT PRIMARY KEY,
    turn_id TEXT,
    tool TEXT NOT NULL,
    version INTEGER NOT NULL,
    input TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    output TEXT,
    summary TEXT,
    receipt TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX tool_call_by_tool ON tool_call (tool, started_at)`,
  // Replies on their way out of push channels.
  `CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    turn_id TEXT,
    message_id TEXT,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    driver_state TEXT,
    reason TEXT,
    created_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'pending'`,
  `CREATE INDEX outbox_open ON outbox (state) WHERE state IN ('live', 'sending')`,
  `CREATE INDEX outbox_by_turn ON outbox (turn_id) WHERE turn_id IS NOT NULL`,
  ...todosSchema,
  ...usageSchema,
  ...vaultSchema,
];
