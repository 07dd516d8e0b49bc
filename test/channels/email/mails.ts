import type { ReadMail } from "../../../src/channels/email/read-mail.ts";

/** When the mails of these tests come. */
export const NOW = 1_795_000_000_000;

/** A mail as it is read, without attachments. */
export const readMailOf = (change: Partial<ReadMail> = {}): Omit<ReadMail, "attachments"> => ({
  headers: [],
  subject: "",
  text: "hello",
  messageId: "<one@example.com>",
  references: [],
  date: NOW - 60_000,
  omitted: 0,
  ...change,
});

/** What Cloudflare wrote above a mail that Gmail sent, as it was seen in a stored mail; addresses are changed. */
export const STAMP = [
  "Received: from mail-yw1-x112d.google.com (2607:f8b0:4864:20::112d)\r\n        by cloudflare-email.net (cloudflare) id GY1KdjWjOU9O\r\n        for <ana-7k3f9q@margay.example.com>; Sun, 14 Jun 2026 21:02:54 +0000",
  "ARC-Seal: i=2; a=rsa-sha256; s=cf2024-1; d=cloudflare-email.net; cv=pass;\r\n\tb=Wi8X==;",
  "ARC-Message-Signature: i=2; a=rsa-sha256; s=cf2024-1; d=cloudflare-email.net; c=relaxed/relaxed;\r\n\th=To:Subject:Date:From; b=RAHc==;",
  "ARC-Authentication-Results: i=2; mx.cloudflare.net;\r\n\tdkim=pass header.d=example.com header.s=20251104 header.b=L6CZ3OJ0;\r\n\tdmarc=pass header.from=example.com policy.dmarc=none",
  "Received-SPF: pass (mx.cloudflare.net: domain of ana@example.com designates 2607:f8b0:4864:20::112d as permitted sender)\r\n\treceiver=mx.cloudflare.net; client-ip=2607:f8b0:4864:20::112d",
];

export const RESULTS = [
  "mx.cloudflare.net",
  "dkim=pass header.d=example.com header.s=20251104 header.b=L6CZ3OJ0",
  "dmarc=pass header.from=example.com policy.dmarc=none",
  "spf=none (mx.cloudflare.net: no SPF records found for postmaster@mail-yw1-x112d.google.com) smtp.helo=mail-yw1-x112d.google.com",
  "spf=pass (mx.cloudflare.net: domain of ana@example.com designates 2607:f8b0:4864:20::112d as permitted sender) smtp.mailfrom=ana@example.com",
  'arc=pass smtp.remote-ip="2607:f8b0:4864:20::112d"',
].join(";\r\n\t");

export interface RawMail {
  from?: string;
  to?: string;
  subject?: string;
  messageId?: string;
  date?: string;
  /** The value of the first `Authentication-Results`; null: there is none. */
  results?: string | null;
  /** Fields above and below the stamp, each a whole line. */
  above?: readonly string[];
  extra?: readonly string[];
  type?: string;
  body?: string;
}

/** A mail as it comes over the wire. */
export function rawMail(mail: RawMail = {}): string {
  const results = mail.results === undefined ? RESULTS : mail.results;
  return [
    ...(mail.above ?? []),
    ...STAMP,
    ...(results === null ? [] : [`Authentication-Results: ${results}`]),
    "Received: by mail-yw1-x112d.google.com with SMTP id 00721157ae682\r\n        for <ana-7k3f9q@margay.example.com>; Sun, 14 Jun 2026 14:02:54 -0700 (PDT)",
    ...(mail.extra ?? []),
    "MIME-Version: 1.0",
    `From: ${mail.from ?? "Ana Lopez <ana@example.com>"}`,
    `Date: ${mail.date ?? new Date(NOW - 60_000).toUTCString()}`,
    `Message-ID: ${mail.messageId ?? `<${crypto.randomUUID()}@example.com>`}`,
    `Subject: ${mail.subject ?? "A question"}`,
    `To: ${mail.to ?? "ana-7k3f9q@margay.example.com"}`,
    `Content-Type: ${mail.type ?? 'text/plain; charset="utf-8"'}`,
    "",
    mail.body ?? "What is on today?",
    "",
  ].join("\r\n");
}

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
