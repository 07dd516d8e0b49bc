import type { MailEvent } from "../channels/email/mail-event.ts";
import { type RecordDeps, recordEvents, unseen } from "./record.ts";
import { mailEvent } from "./sources/mail.ts";

/** Writes a mail that is no message down for each listener to mail, with what its fields decide. Part of the caller's transaction. */
export function hearMail(mail: MailEvent, deps: RecordDeps): void {
  const event = mailEvent(mail);
  for (const listener of deps.store.all()) {
    if (listener.source.kind !== "mail") continue;
    recordEvents(deps, listener, unseen(deps, listener.id, [event]));
  }
}
