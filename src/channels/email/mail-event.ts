import { z } from "zod";

/** What the receiving server found, for the record; null: it did not say. */
export const AuthRecord = z.object({ dmarc: z.string().nullable(), dkim: z.string().nullable(), spf: z.string().nullable() });
export type AuthRecord = z.infer<typeof AuthRecord>;

/** Characters of a mail that are kept. */
export const MAX_EVENT_TEXT = 12_000;

/**
 * A mail that is no message to the agent: from somebody who is not linked, not proven to be who it says, or from a program. Something that happened, told in somebody else's words; never an
 * instruction and never answered. Texts are cut, and hold what the mail says.
 */
export const MailEvent = z.object({
  /** The same for every delivery of the same mail. */
  id: z.string().min(1).max(255),
  /** When it came, UTC ms. */
  at: z.number().int(),
  /** The address it came to, without what stood behind a `+`. */
  to: z.string().max(320),
  /** What stood behind the `+`; null: nothing. */
  tag: z.string().max(64).nullable(),
  /** What `From` says; null: not exactly one address. Proven only when `authenticated`. */
  from: z.string().max(320).nullable(),
  from_name: z.string().max(200),
  /** Whether it is proven that whoever has `from` wrote it. */
  authenticated: z.boolean(),
  /** What the receiving server found. */
  results: AuthRecord,
  /** Why it is no message to the agent. */
  reason: z.string().max(200),
  /** Whether a program sent it: a list, a report, an automatic answer. */
  automatic: z.boolean(),
  subject: z.string().max(1_000),
  text: z.string().max(MAX_EVENT_TEXT),
  /** Names of what was attached; the files are not kept. */
  attachments: z.array(z.string().max(300)).max(50),
});
export type MailEvent = z.infer<typeof MailEvent>;

/** Who wants to know of mail that is no message. */
export interface MailListener {
  /** Writes down what it is to whoever listens, once a mail: part of the transaction that stores it, so that neither is without the other. */
  onMail(mail: MailEvent): void;
  /** After it, and after a repeat too: sees to it that what was written down is acted on, whatever happens. */
  afterMail(): Promise<void>;
}
