import PostalMime, { decodeWords } from "postal-mime";
import { element, type HtmlElement } from "../../html/html-tree.ts";
import { mainContent } from "../../html/main-content.ts";
import { readHtml } from "../../html/read-html.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";
import { messageIds, oneLineSubject } from "./thread.ts";

/** A field of the mail's head: name in lower case, value unfolded and otherwise as it stands there. */
export interface MailHeader {
  name: string;
  value: string;
}

export interface MailAttachment {
  name: string;
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A mail as it was written, before anybody judged it. All of it is somebody else's text. */
export interface ReadMail {
  /** From the top: what a server added last stands first. */
  headers: readonly MailHeader[];
  subject: string;
  /** The text of the mail itself, of HTML alone as Markdown. What was attached, other mails too, is not in it. */
  text: string;
  /** With its angle brackets; null: none, or none that is valid. */
  messageId: string | null;
  /** What it answers, the oldest first. */
  references: readonly string[];
  /** UTC ms; null: no date. */
  date: number | null;
  attachments: readonly MailAttachment[];
  /** Attachments that are left out, since there are too many. */
  omitted: number;
}

/** Ordinary mails have some kilobytes of headers, those of big companies some dozens. */
const MAX_HEADERS = 256 * 1024;
const MAX_HEADER_FIELDS = 1_000;
const MAX_DEPTH = 30;
/** Each costs a hundred bytes while it is read. The largest mail that is taken has 200,000, full of attachments. */
const MAX_LINES = 300_000;
export const MAX_ATTACHMENTS = 20;
/** Characters of one mail's text. */
const MAX_MAIL_TEXT = 150_000;

interface Part {
  contentType: { parsed: { value: string; params: Record<string, string | undefined> } };
  contentDisposition: { parsed: { value?: string; params: Record<string, string | undefined> } };
}

/**
 * postal-mime, but a text that has a file name is a file. It takes one that is sent `inline`, as Apple's clients do, for a part of what the sender wrote; then a text file that somebody passes
 * on would be their own word. (A method of its own that its types leave out; a test notices when another version has another.)
 */
class MailParser extends PostalMime {
  isInlineTextNode({ contentType, contentDisposition }: Part): boolean {
    if (contentDisposition.parsed.value === "attachment") return false;
    if (contentDisposition.parsed.params["filename"] || contentType.parsed.params["name"]) return false;
    return contentType.parsed.value === "text/plain" || contentType.parsed.value === "text/html";
  }
}

/** Reads a mail (RFC 5322, MIME). null: it cannot be read within its limits. */
export async function readMail(bytes: Uint8Array<ArrayBuffer>): Promise<ReadMail | null> {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) if (++lines > MAX_LINES) return null;
  let mail: Awaited<ReturnType<PostalMime["parse"]>>;
  try {
    // A mail within this one is a file beside it: its text is not the sender's.
    mail = await new MailParser({ forceRfc822Attachments: true, maxNestingDepth: MAX_DEPTH, maxHeadersSize: MAX_HEADERS }).parse(bytes);
  } catch {
    return null;
  }
  if (mail.headers.length === 0 || mail.headers.length > MAX_HEADER_FIELDS) return null;
  const headers = mail.headers.map(({ key, value }) => ({ name: key, value }));
  const valueOf = (name: string): string => headers.find((header) => header.name === name)?.value ?? "";
  const files = mail.attachments.filter(({ related, mimeType }) => !(related && mimeType.startsWith("image/")));
  const date = Date.parse(valueOf("date"));
  return {
    headers,
    subject: oneLineSubject(mail.subject ?? ""),
    text: textOf(mail.text, mail.html),
    messageId: messageIds(valueOf("message-id"))[0] ?? null,
    references: [...new Set([...messageIds(valueOf("references")), ...messageIds(valueOf("in-reply-to"))])],
    date: Number.isFinite(date) ? date : null,
    attachments: files.slice(0, MAX_ATTACHMENTS).map(({ filename, mimeType, content }) => ({
      name: filename ?? (mimeType === "message/rfc822" ? "mail.eml" : "file"),
      mime: mimeType,
      bytes: new Uint8Array(typeof content === "string" ? new TextEncoder().encode(content) : content),
    })),
    omitted: Math.max(0, files.length - MAX_ATTACHMENTS),
  };
}

/** Text as it was written, but for the line end that every mail has. */
function textOf(text: string | undefined, html: string | undefined): string {
  const written = text !== undefined && text.trim() !== "" ? text : html === undefined ? (text ?? "") : markdownOf(html);
  return written.slice(0, MAX_MAIL_TEXT).toWellFormed().replaceAll("\r\n", "\n").replace(/\n$/, "");
}

/** Parts that a page may call its main one, or what is around it. */
const PAGE_PARTS = new Set(["main", "article", "section", "header", "nav", "aside", "footer"]);

/** A mail is read whole: were a part of it its "main" one, as somebody wrote in a mail that is quoted here, that part would be left without its quote around it. */
const wholly = ({ name, attributes: { role: _, ...attributes }, block, children }: HtmlElement): HtmlElement =>
  element(
    PAGE_PARTS.has(name) ? "div" : name,
    attributes,
    block,
    children.map((child) => (typeof child === "string" ? child : wholly(child))),
  );

function markdownOf(html: string): string {
  const { tree } = readHtml(html);
  return writeMarkdown(mainContent(wholly(tree)), (href) => (/^(?:https?:|mailto:)[^\s<>]{1,2000}$/i.test(href) ? href : null));
}

/** A name in a header as people read it (RFC 2047). */
export const readableName = (name: string): string => oneLineSubject(decodeWords(name)).slice(0, 200);
