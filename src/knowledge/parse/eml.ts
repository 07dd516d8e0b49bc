import type { Address, Email } from "postal-mime";
import { DocumentError } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { addHtml } from "./html.ts";
import { addParagraphs } from "./text.ts";

/** A mail and its unpacked attachments are in memory beside each other. Mail servers take 25 to 40 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Each costs a hundred bytes while it is read. 32 MB of attachments have 430,000. */
const MAX_LINES = 500_000;
const MAX_DEPTH = 50;
const MAX_ATTACHMENTS = 1_000;

/** A mail: who, when and what about, its text, the names of its attachments. Mails inside it are read as part of it, ten deep. */
export const parseEml: ParseDriver = async ({ bytes }, work) => {
  if (bytes.length > MAX_BYTES)
    throw new DocumentError("too_large", `A mail larger than ${MAX_BYTES / 1024 / 1024} MB cannot be taken in.`);
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (++lines > MAX_LINES)
      throw new DocumentError("too_long", `A mail with more than ${MAX_LINES.toLocaleString("en")} lines cannot be taken in.`);
  }
  const { default: PostalMime } = await import("postal-mime");
  let mail: Email;
  try {
    mail = await PostalMime.parse(bytes, { maxNestingDepth: MAX_DEPTH, maxHeadersSize: 1024 * 1024 });
  } catch (error) {
    if (/nesting/i.test(error instanceof Error ? error.message : "")) {
      throw new DocumentError("too_deep", `The mail has parts nested more than ${MAX_DEPTH} times.`);
    }
    throw new DocumentError("damaged", "The mail is damaged: it cannot be read.");
  }
  await work.pause();
  if (mail.headers.length === 0) throw new DocumentError("damaged", "It has no mail headers.");
  const title = mail.subject?.trim() ?? "";
  work.add("heading", title, { level: 1 });
  work.add("paragraph", headersOf(mail));
  const before = work.blocks.length;
  // A mail has no pages: a form feed in it ends a paragraph.
  await addParagraphs((mail.text ?? "").replaceAll("\f", "\n\n"), work);
  if (work.blocks.length === before && mail.html) await addHtml(mail.html, work);
  const names = mail.attachments
    .slice(0, MAX_ATTACHMENTS)
    .map(({ filename, mimeType }) => `- ${(filename ?? "without a name").slice(0, 300)} (${mimeType})`);
  if (names.length > 0) work.add("paragraph", `Attachments:\n${names.join("\n")}`);
  return { title, pages: 1 };
};

function headersOf({ from, to, cc, date }: Email): string {
  const lines: [string, string][] = [
    ["From", from ? addressOf(from) : ""],
    ["To", listOf(to)],
    ["Cc", listOf(cc)],
    ["Date", date ?? ""],
  ];
  return lines.flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`])).join("\n");
}

/** Of a mail to hundreds of people the first are enough. */
const listOf = (addresses: readonly Address[] | undefined): string => (addresses ?? []).slice(0, 50).map(addressOf).join(", ");

const addressOf = (address: Address): string => {
  if (address.group !== undefined) return `${address.name}: ${address.group.slice(0, 50).map(addressOf).join(", ")}`;
  return address.name === "" ? address.address : `${address.name} <${address.address}>`;
};
