import type { SendMail } from "../outgoing-mail.ts";
import { emailIdentity } from "./address.ts";
import { MailRefused } from "./send-failure.ts";

export interface MailSenderDeps {
  /** The deployment's binding; null: it has none. */
  binding: SendMail | null;
  /** Whether an identity may speak as the user of this object now. */
  isLinked(identity: string): boolean;
  /** Says, the first time, why no answer leaves. */
  tellOnce(text: string): void;
}

const CANNOT_SEND =
  "I got your mail, but this Margay cannot send any: its owner has not set up sending (docs/email.md says how). My answers to mail are here, in the conversation.";

/**
 * Sends mail of one user, and only to addresses that this user has linked and not unlinked since: whatever asks for a mail to go elsewhere, by this way it does not.
 */
export const mailSender =
  ({ binding, isLinked, tellOnce }: MailSenderDeps): SendMail =>
  async (mail) => {
    if (!isLinked(emailIdentity(mail.to))) throw new MailRefused("the address is not linked any more");
    if (binding === null) {
      tellOnce(CANNOT_SEND);
      throw new MailRefused("this Margay cannot send mail");
    }
    return binding(mail);
  };
