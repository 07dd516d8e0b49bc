import { WorkerEntrypoint } from "cloudflare:workers";

/** Headers that Email Service lets a Worker set (its documentation, "Email headers"); those of them that Margay has a use for. */
const ALLOWED = new Set(["in-reply-to", "references", "auto-submitted"]);
const AUTO_SUBMITTED = new Set(["auto-generated", "auto-replied", "auto-notified"]);
const DOMAIN = "margay.example.com";

/** Every mail that was sent in this run, oldest first. */
const mails = [];

function refuse(code, message) {
  throw Object.assign(new Error(`${code}: ${message}`), { code });
}

/** Cloudflare's Email Service as a Worker sees it, as strict as the documentation says; and what arrived, for the tests to read. */
export class MailServer extends WorkerEntrypoint {
  async send(mail) {
    const { from, to, subject, text, html, headers = {} } = mail;
    if (typeof to !== "string" || !/^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/.test(to)) refuse("E_VALIDATION_ERROR", "to");
    if (typeof from?.email !== "string" || !from.email.endsWith(`@${DOMAIN}`)) refuse("E_SENDER_NOT_VERIFIED", "from");
    if (typeof subject !== "string" || subject === "" || subject.length > 998 || /[\r\n]/.test(subject))
      refuse("E_VALIDATION_ERROR", "subject");
    if (typeof text !== "string" && typeof html !== "string") refuse("E_FIELD_MISSING", "text or html");
    let size = 0;
    for (const [name, value] of Object.entries(headers)) {
      if (!ALLOWED.has(name.toLowerCase())) refuse("E_HEADER_NOT_ALLOWED", name);
      if (typeof value !== "string" || value === "" || /[\r\n]/.test(value)) refuse("E_HEADER_VALUE_INVALID", name);
      if (new TextEncoder().encode(value).byteLength > 2048) refuse("E_HEADER_VALUE_TOO_LONG", name);
      if (name.toLowerCase() === "auto-submitted" && !AUTO_SUBMITTED.has(value)) refuse("E_HEADER_VALUE_INVALID", name);
      size += name.length + value.length + 4;
    }
    if (size > 16_384) refuse("E_HEADERS_TOO_LARGE", "headers");
    if ((text?.length ?? 0) + (html?.length ?? 0) > 5 * 1024 * 1024) refuse("E_CONTENT_TOO_LARGE", "text");
    mails.push({ from: from.email, to, subject, text, html, headers });
    return { messageId: `<${crypto.randomUUID()}@cloudflare-email.net>` };
  }

  async sentTo(address) {
    return mails.filter(({ to }) => to === address);
  }
}

export default { fetch: () => new Response("mail", { status: 404 }) };
