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
  /** Texts without what is a secret of the user's or looks like a key. */
  scrub(texts: readonly string[]): Promise<string[]>;
  listener: MailListener;
  now(): number;
}

/** Mail of strangers and programs, on the object's side: kept for a month, told to whoever listens, and that is all. No turn begins by it but where the user listens to it, and nothing of it is anybody's word. */
export class MailInbox {
  constructor(private readonly deps: MailInboxDeps) {}

  /** Once a mail, however often it is delivered. */
  async take(told: MailEvent): Promise<void> {
    const { store, transaction, audit, listener, scrub } = this.deps;
    const parsed = MailEvent.parse(told);
    // What looks like a key is kept nowhere, whoever sends it.
    const [subject = "", text = ""] = await scrub([parsed.subject, parsed.text]);
    const mail: MailEvent = { ...parsed, subject, text };
    transaction(() => {
      if (!store.add(mail)) return;
      audit({
        subject: mail.id,
        channel: "email",
        input: JSON.stringify([mail.from, mail.subject, mail.text]),
        summary: summaryOf(mail),
      });
      listener.onMail(mail);
    });
    await listener.afterMail();
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
