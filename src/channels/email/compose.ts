import type { Delivery } from "../channel.ts";
import type { ReplyTarget } from "../message.ts";
import type { OutgoingMail } from "../outgoing-mail.ts";
import { markdownToHtml } from "./markdown-to-html.ts";
import { messageIds, referencesOf, replySubject } from "./thread.ts";

export type EmailTarget = Extract<ReplyTarget, { channel: "email" }>;

/** Email Service takes 5 MiB of a mail; the text is in it twice. */
const MAX_TEXT = 1_000_000;

/**
 * A reply as a mail: in the thread of what it answers (RFC 5322, 3.6.4), marked as a program's answer (RFC 3834, 3.1.7), so that no other program answers it. Nothing of the text becomes a header;
 * what was kept of the mail that is answered is looked at again, so that no line of it can end early.
 */
export function composeReply(target: EmailTarget, reply: Pick<Delivery, "text" | "status">, page: string | null = null): OutgoingMail {
  const text = (reply.text.trim() === "" ? emptyReply(reply.status) : reply.text)
    .slice(0, MAX_TEXT)
    .toWellFormed()
    .replaceAll("\0", "\ufffd");
  const [answered] = messageIds(target.inReplyTo ?? "");
  const references = referencesOf([...target.references.flatMap(messageIds), ...(answered === undefined ? [] : [answered])]);
  return {
    from: { email: target.from, name: "Margay" },
    to: target.to,
    subject: replySubject(target.subject),
    text,
    html: markdownToHtml(text, page),
    headers: {
      "Auto-Submitted": "auto-replied",
      ...(answered === undefined ? {} : { "In-Reply-To": answered }),
      ...(references.length === 0 ? {} : { References: references.join(" ") }),
    },
  };
}

function emptyReply(status: Delivery["status"]): string {
  if (status === "cancelled") return "Stopped.";
  return status === "failed" ? "I could not answer that. Please try again." : "Done. I have nothing to add.";
}
