import { z } from "zod";
import { NOT_BY_MAIL } from "./approval-view.ts";
import { bodyHash } from "./body-hash.ts";
import type { Channel, Delivery, DeliveryContext, DeliveryResult } from "./channel.ts";
import { attach, withLeft } from "./email/attach.ts";
import { composeReply, type EmailTarget } from "./email/compose.ts";
import type { ReadMail } from "./email/read-mail.ts";
import { sendFailure } from "./email/send-failure.ts";
import { splitText } from "./email/split-text.ts";
import { isForwardSubject, isReplySubject, referencesOf } from "./email/thread.ts";
import { type ContentItem, type FileRef, InboundMessage } from "./message.ts";
import type { OutgoingMail } from "./outgoing-mail.ts";

/** A mail whose sender is verified and linked. `attachments` of it are `files` by then, in R2. */
export interface EmailInput {
  mail: Omit<ReadMail, "attachments">;
  /** Where it came from and where the answer goes: the proven address of its sender. */
  sender: string;
  /** The user's own Margay address, which the answer comes from. */
  mailbox: string;
  files: readonly FileRef[];
  /** Said of files that could not be taken in. */
  missing: string | null;
}

/** What the outbox keeps of a mail that was taken. */
const Sent = z.object({ messageId: z.string() });

/** Long keys are hashed: a message id may have any length. */
const MAX_KEY = 200;

/** As `parseCommand` reads it: whatever space stands before it. */
const APPROVES = /^\s*\/approve(?![a-z0-9_-])/i;

/** The mail's own key: the same for every delivery of the same mail. */
export async function mailKey(mail: Omit<ReadMail, "attachments">): Promise<string> {
  const { messageId, subject, text, date } = mail;
  if (messageId !== null && messageId.length <= MAX_KEY) return messageId;
  return `sha256:${await bodyHash({ messageId, subject, text, date })}`;
}

/** Mail from an address that the user linked. Their own new words are the message; what they quote, send on and attach is content. */
export const email: Channel<EmailInput> = {
  id: "email",
  delivery: "push",
  // Every mail is answered in its own thread.
  coalesce: false,
  takesFiles: true,
  async parse({ mail, sender, mailbox, files, missing }, receivedAt) {
    const { subject, messageId, references } = mail;
    const split = splitText(mail.text, isForwardSubject(subject));
    const text = wordsOf(subject, split.text, references.length > 0);
    const { forwarded } = split;
    const content: ContentItem[] = [];
    if (split.quoted !== "") {
      const origin = forwarded ? `Sent on by mail: ${subject}` : "Quoted in the mail";
      content.push({ kind: forwarded ? "forward" : "quote", origin: origin.slice(0, 200).toWellFormed(), text: split.quoted });
    }
    for (const file of files) content.push({ kind: "file", origin: forwarded ? "Sent on by mail" : "Attached to the mail", file });
    if (missing !== null) content.push({ kind: "context", origin: "Mail", text: missing });
    if (text === "" && content.length === 0) return { kind: "ignored", reason: "an empty mail" };
    const parsed = InboundMessage.safeParse({
      channel: "email",
      route: "email",
      key: await mailKey(mail),
      bodyHash: await bodyHash({
        sender,
        subject,
        text: mail.text,
        date: mail.date,
        files: files.map(({ name, size }) => ({ name, size })),
      }),
      text,
      content,
      replyTo: {
        channel: "email",
        from: mailbox,
        to: sender,
        subject,
        references: referencesOf(references),
        ...(messageId === null ? {} : { inReplyTo: messageId }),
      },
      ...(APPROVES.test(text) ? { answer: NOT_BY_MAIL } : {}),
      sentAt: mail.date ?? receivedAt,
    } satisfies InboundMessage);
    if (!parsed.success) return { kind: "invalid", error: { code: "payload_too_large", message: "This mail is too long." } };
    return { kind: "message", message: parsed.data };
  },
  deliver,
};

/** A subject is typed like the text, unless it is that of the mail that is answered or sent on. A command stands alone. */
function wordsOf(subject: string, text: string, answers: boolean): string {
  const taken = subject === "" || answers || isReplySubject(subject) || isForwardSubject(subject);
  if (taken || text.startsWith("/") || text.trim() === subject) return text;
  return text.trim() === "" ? subject : `${subject}\n\n${text}`;
}

/** One gap remains that nothing can close: when the process dies between handing the mail over and recording it, it is sent again. */
async function deliver(delivery: Delivery, context: DeliveryContext): Promise<DeliveryResult> {
  const { target } = delivery;
  if (target.channel !== "email") return { kind: "refused", reason: "not a mail address" };
  if (Sent.safeParse(delivery.state).success) return { kind: "told" };
  if (!context.sendMail) return { kind: "refused", reason: "this Margay cannot send mail" };
  const { attachments, left } = await attach(delivery);
  const result = await send({ ...delivery, text: withLeft(delivery.text, left) }, target, context, attachments);
  if (result.kind !== "refused" || attachments.length === 0) return result;
  // An answer is not lost for a kind of file that is not taken.
  const without = delivery.files.map(({ path }) => `\`${path}\` was not taken by mail.`);
  return send({ ...delivery, text: withLeft(delivery.text, without) }, target, context, []);
}

async function send(
  delivery: Delivery,
  target: EmailTarget,
  context: DeliveryContext,
  attachments: NonNullable<OutgoingMail["attachments"]>,
): Promise<DeliveryResult> {
  if (!context.sendMail) return { kind: "refused", reason: "this Margay cannot send mail" };
  const mail = composeReply(target, delivery, context.pageUrl);
  try {
    const { messageId } = await context.sendMail(attachments.length === 0 ? mail : { ...mail, attachments });
    context.save({ messageId } satisfies z.infer<typeof Sent>);
    return { kind: "told" };
  } catch (error) {
    return sendFailure(error);
  }
}
