import type { Occasions } from "../src/agent/occasions.ts";
import type { Operations } from "../src/agent/operations.ts";
import type { MailListener } from "../src/channels/email/mail-event.ts";
import { MailInbox } from "../src/channels/email/mail-inbox.ts";
import { mailSender } from "../src/channels/email/sender.ts";
import type { AccessStore } from "../src/db/object/access.ts";
import type { NewAuditEntry } from "../src/db/object/audit.ts";
import { MailEventStore } from "../src/db/object/mail-events.ts";
import type { MessageStore } from "../src/db/object/messages.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { Host } from "./parts.ts";

export interface MailDeps {
  host: Host;
  access: AccessStore;
  settings: SettingStore;
  transaction<T>(work: () => T): T;
  audit(entry: NewAuditEntry): void;
  occasions(): Occasions;
  messages: MessageStore;
  scrub(texts: readonly string[]): Promise<string[]>;
  /** Who listens to mail that is no message. */
  listener: MailListener;
}

/** Wires the mail of a user: what is sent, and what came that is no message. No rule lives here. */
export function createMail({ host, access, settings, transaction, audit, occasions, messages, scrub, listener }: MailDeps) {
  const { storage, env, now } = host;
  const { EMAIL: binding } = env;
  const inbox = new MailInbox({
    store: new MailEventStore(storage.sql),
    transaction,
    audit: (entry) => audit({ ...entry, kind: "message", event: "mail", actor: "system", tainted: true }),
    scrub,
    listener,
    now,
  });
  const send = mailSender({
    binding: binding ? (mail) => binding.send(mail) : null,
    isLinked: (identity) => access.isLinked(identity),
    tellOnce(text) {
      if (settings.keys("mail_not_sent").length > 0) return;
      settings.note("mail_not_sent", true, now());
      occasions().tell({ route: "event", key: "mail:not-sent", text, tainted: false, replyTo: { channel: "web" } });
    },
  });
  const operations: Pick<Operations, "mail.take" | "mail.list" | "mail.unused"> = {
    "mail.take": async (mail) => {
      await inbox.take(mail);
      return null;
    },
    "mail.list": (limit) => inbox.list(limit),
    "mail.unused": (keys) => keys.filter((key) => !messages.hasFile(key)),
  };
  return { send, operations, tidy: () => inbox.tidy() };
}
