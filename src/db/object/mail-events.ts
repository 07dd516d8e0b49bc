import { z } from "zod";
import { MailEvent } from "../../channels/email/mail-event.ts";

/** Mail that is no message to the agent. */
export const mailSchema: readonly string[] = [
  `CREATE TABLE mail_event (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    sender TEXT,
    sender_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    attachments TEXT NOT NULL,
    facts TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX mail_event_by_time ON mail_event (at)`,
];

const KEPT_MS = 30 * 86_400_000;
/** Somebody else decides how much comes: of more the oldest go. */
const MAX_KEPT = 500;

/** What is nobody's text, in one column. */
const Facts = MailEvent.pick({ to: true, tag: true, authenticated: true, results: true, reason: true, automatic: true });

/** Mail of strangers and programs. What people wrote stands in columns of its own, where forgetting finds it. */
export class MailEventStore {
  constructor(private readonly sql: SqlStorage) {}

  /** False: it is there already. Part of the caller's transaction. */
  add(mail: MailEvent): boolean {
    const { id, at, from, from_name: name, subject, text, attachments } = mail;
    const before = this.sql.exec("SELECT 1 FROM mail_event WHERE id = ?", id).toArray().length;
    if (before > 0) return false;
    this.sql.exec(
      "INSERT INTO mail_event (id, at, sender, sender_name, subject, text, attachments, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      id,
      at,
      from,
      name,
      subject,
      text,
      JSON.stringify(attachments),
      JSON.stringify(Facts.parse(mail)),
    );
    this.sql.exec("DELETE FROM mail_event WHERE id IN (SELECT id FROM mail_event ORDER BY at DESC LIMIT -1 OFFSET ?)", MAX_KEPT);
    return true;
  }

  /** The newest first. */
  list(limit: number): MailEvent[] {
    return this.sql
      .exec("SELECT * FROM mail_event ORDER BY at DESC, id LIMIT ?", limit)
      .toArray()
      .map((row) => ({
        ...Facts.parse(JSON.parse(String(row["facts"]))),
        id: String(row["id"]),
        at: Number(row["at"]),
        from: row["sender"] === null ? null : String(row["sender"]),
        from_name: String(row["sender_name"]),
        subject: String(row["subject"]),
        text: String(row["text"]),
        attachments: z.array(z.string()).parse(JSON.parse(String(row["attachments"]))),
      }));
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM mail_event WHERE at < ?", now - KEPT_MS);
  }
}
