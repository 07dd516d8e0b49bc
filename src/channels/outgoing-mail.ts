/**
 * A mail on its way out, in the words of Cloudflare's `send_email` binding (Email Service, Workers API). `Date`, `Message-ID` and the MIME structure are made there: whoever sends cannot set
 * them, so nothing of ours builds headers out of text.
 */
export interface OutgoingMail {
  from: { email: string; name: string };
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  attachments?: { disposition: "attachment"; filename: string; type: string; content: Uint8Array }[];
}

/** Sends a mail. What it throws has a `code` (`E_RATE_LIMIT_EXCEEDED` …) where the other side gave one. */
export type SendMail = (mail: OutgoingMail) => Promise<{ messageId: string }>;
