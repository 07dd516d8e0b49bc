import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";
import worker from "../../src/worker.ts";

export const EMAIL_DOMAIN = "margay.example.com";

/** A mail on its way in, as a person's program wrote it. */
export interface Sent {
  from: string;
  to: string;
  subject?: string;
  body?: string;
  /** What the receiving server found; `null`: it does not say. */
  dmarc?: string | null;
  envelope?: string;
  messageId?: string;
  /** Fields below the server's, whole lines. */
  extra?: readonly string[];
  type?: string;
}

/** A mail as Cloudflare hands it to a Worker: the server's word above what the sender wrote. */
export function wireOf(mail: Sent): string {
  const domain = mail.from.split("@").at(-1)?.replace(/>.*/, "") ?? "";
  const dmarc = mail.dmarc === undefined ? "pass" : mail.dmarc;
  return [
    `Received: from mail.${domain} (192.0.2.1) by cloudflare-email.net (cloudflare) id x; Thu, 26 Nov 2026 10:00:00 +0000`,
    ...(dmarc === null
      ? []
      : [
          `Authentication-Results: mx.cloudflare.net;\r\n\tdkim=${dmarc} header.d=${domain};\r\n\tdmarc=${dmarc} header.from=${domain} policy.dmarc=none`,
        ]),
    `Received: by mail.${domain} with SMTP id y`,
    ...(mail.extra ?? []),
    "MIME-Version: 1.0",
    `From: ${mail.from}`,
    `To: ${mail.to}`,
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: ${mail.messageId ?? `<${crypto.randomUUID()}@${domain}>`}`,
    `Subject: ${mail.subject ?? ""}`,
    `Content-Type: ${mail.type ?? "text/plain; charset=utf-8"}`,
    "",
    mail.body ?? "",
    "",
  ].join("\r\n");
}

/** Brings a mail to the Worker's `email()` handler. Gives the sentence it was rejected with; null: it was not. */
export async function arrive(mail: Sent | { wire: string; from: string; to: string }, deployment: Env = env): Promise<string | null> {
  const wire = "wire" in mail ? mail.wire : wireOf(mail);
  const bytes = new TextEncoder().encode(wire);
  const address = /<([^<>]*)>/.exec(mail.from)?.[1] ?? mail.from;
  let rejected: string | null = null;
  const context = createExecutionContext();
  const unused = (): never => {
    throw new Error("Margay neither forwards mail nor replies on its way in.");
  };
  await worker.email(
    {
      from: "envelope" in mail && mail.envelope !== undefined ? mail.envelope : address,
      to: mail.to,
      headers: new Headers(),
      raw: new Blob([bytes]).stream(),
      rawSize: bytes.byteLength,
      canBeForwarded: false,
      setReject: (reason) => (rejected = reason),
      forward: unused,
      reply: unused,
    },
    deployment,
    context,
  );
  await waitOnExecutionContext(context);
  return rejected;
}

/** What Email Service has sent to an address. */
export interface SentMail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}
export const sentTo = (address: string): Promise<SentMail[]> => env.MAIL_SERVER.sentTo(address);
