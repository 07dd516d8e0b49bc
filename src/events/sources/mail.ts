import { quotedLines } from "../../agent/quoted-lines.ts";
import type { MailEvent } from "../../channels/email/mail-event.ts";
import { type Incoming, MAX_CONTENT, oneLine } from "../incoming.ts";

const MAX_NAME = 60;

/** A mail that is no message, as an event. Whatever it says of itself is the sender's, also who that is, unless it is proven. */
export function mailEvent(mail: MailEvent): Incoming {
  const { from, from_name, authenticated, automatic, subject, text, attachments, to, tag, reason, results } = mail;
  const name = oneLine(from_name, MAX_NAME);
  const address = from ?? "no single address";
  const who = name === "" ? address : `${name} <${address}>`;
  const head = [
    `from: ${oneLine(who, 400)}`,
    `proven to be from there: ${authenticated ? "yes" : "no"}`,
    ...(automatic ? ["sent by: a program"] : []),
    ...(tag === null ? [] : [`to: ${oneLine(to)}, marked ${oneLine(tag)}`]),
    `subject: ${oneLine(subject, 400)}`,
    ...(attachments.length === 0 ? [] : [`attached, not kept: ${attachments.map((file) => oneLine(file, 80)).join(", ")}`]),
  ].join("\n");
  return {
    key: `mail ${mail.id}`,
    bytesKey: null,
    repeatMs: null,
    // What anybody can claim is said to be a claim where it is read alone.
    title: oneLine(`${authenticated ? "" : "(sender not proven) "}${who}: ${subject.trim() === "" ? "no subject" : subject}`),
    fields: {
      from,
      from_name,
      to,
      tag,
      subject,
      text,
      authenticated,
      automatic,
      has_attachments: attachments.length > 0,
      attachments,
      dmarc: results.dmarc,
      reason,
    },
    // Quoted line by line: no line of the mail passes for one of the head.
    content: `${head}\n\n${quotedLines(text.trimEnd())}`.slice(0, MAX_CONTENT).toWellFormed(),
    nothing: null,
  };
}
