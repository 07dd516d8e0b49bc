import { scrubKeys } from "../../secrets/key-shapes.ts";
import { MailEvent, type MailListener } from "./mail-event.ts";

/** What keeps received mail for a while. */
export interface MailEventStore {
  /** False: it is there already. */
  add(mail: MailEvent): boolean;
  list(limit: number): MailEvent[];
  prune(now: number): void;
}

export interface MailInboxDeps {
  store: MailEventStore;
  transaction<T>(work: () => T): T;
  audit(entry: { subject: string; channel: "email"; input: string; summary: string }): void;
  /** Who hears of it; null: nobody yet. */
  listener(): MailListener | null;
  now(): number;
}

/** Mail of strangers and programs, on the object's side: kept for a month, told to whoever listens, and that is all. No turn begins by it, and nothing of it enters the conversation. */
export class MailInbox {
  constructor(private readonly deps: MailInboxDeps) {}

  /** Once a mail, however often it is delivered. */
  take(told: MailEvent): void {
    const parsed = MailEvent.parse(told);
    // What looks like a key is kept nowhere, whoever sends it.
    const mail: MailEvent = { ...parsed, subject: scrubKeys(parsed.subject), text: scrubKeys(parsed.text) };
    const { store, transaction, audit, listener } = this.deps;
    const added = transaction(() => {
      if (!store.add(mail)) return false;
      audit({
        subject: mail.id,
        channel: "email",
        input: JSON.stringify([mail.from, mail.subject, mail.text]),
        summary: summaryOf(mail),
      });
      return true;
    });
    if (added) listener()?.onMail(mail);
  }

  /** The newest first. */
  list(limit: number): MailEvent[] {
    return this.deps.store.list(limit);
  }

  tidy(): void {
    this.deps.store.prune(this.deps.now());
  }
}

const DMARC = new Set(["pass", "fail", "none", "temperror", "permerror"]);

/** Without a word of the mail's: the trail cannot be changed, and who wrote may have to be forgotten. The address is in {@link MailEventStore}, while the mail is. */
function summaryOf({ authenticated, automatic, results }: MailEvent): string {
  const found = results.dmarc !== null && DMARC.has(results.dmarc) ? results.dmarc : "unknown";
  return `A mail ${automatic ? "of a program" : "that is no message"} (${authenticated ? "proven" : "not proven"}; DMARC ${found})`;
}
