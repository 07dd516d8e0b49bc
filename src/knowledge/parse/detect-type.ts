import { DocumentError, type DocumentType } from "../parsed.ts";
import { endingOf, formatOfMime, formatOfName } from "../formats.ts";
import type { SourceFile } from "./driver.ts";
import { fileKind, imageMime } from "./magic.ts";
import { looksBinary, utf16Of } from "../../encoding.ts";
import { zipKind } from "./zip-directory.ts";

/** How documents of Office are called, by their ending. */
const OFFICE: ReadonlyMap<string, string> = new Map([
  ["docx", "a DOCX"],
  ["xlsx", "an XLSX"],
  ["pptx", "a PPTX"],
  ["odt", "an ODT"],
  ["ods", "an ODS"],
  ["odp", "an ODP"],
  ["epub", "an EPUB"],
]);

/** Tells the format. Throws `DocumentError` for what is none of ours, with what it is where that can be told. */
export function detectType({ bytes, name, mime }: SourceFile): DocumentType {
  const ending = endingOf(name);
  const saysPdf = ending === "pdf" || mime === "application/pdf";
  const kind = fileKind(bytes, saysPdf);
  if (kind === "pdf" || kind === "rtf") return kind;
  if (imageMime(bytes) !== null) return "image";
  if (kind === "zip") {
    const packed = zipKind(bytes);
    if (packed === "archive") throw new DocumentError("unsupported", "It is an archive, not a document.");
    if (packed instanceof DocumentError) throw packed;
    return packed;
  }
  if (kind !== null) throw kind;
  if (utf16Of(bytes) === null && looksBinary(bytes)) {
    const known = saysPdf ? "a PDF" : (OFFICE.get(ending) ?? null);
    if (known !== null) throw new DocumentError("damaged", `It is called ${known}, but its content is not: the file is damaged.`);
    throw new DocumentError("unsupported", "It is not a text and of no format that can be read.");
  }
  const start = startOf(bytes);
  if (/^(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)*(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])/i.test(start))
    return "html";
  // Of what is made of letters alone only its name tells more; a mail is, whatever it says. `text/plain` is said of any text.
  const told = mime === "text/plain" ? undefined : formatOfMime(mime);
  for (const called of [formatOfName(name), told]) if (called?.plain === true || called?.type === "eml") return called.type;
  if (mime.endsWith("+json")) return "json";
  if (mime.startsWith("image/")) throw new DocumentError("damaged", "It is called a picture, but its content is not.");
  if (isMail(start)) return "eml";
  return "text";
}

/** The beginning, its bytes as characters, without what may be before its first word. */
function startOf(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  const part = bytes.subarray(0, 4096);
  return (utf16 === null ? String.fromCharCode(...part) : new TextDecoder(utf16).decode(part))
    .replace(/^(?:\u00EF\u00BB\u00BF|\uFEFF)/, "")
    .trimStart();
}

/** Headers as only a mail has them. */
function isMail(start: string): boolean {
  const names = new Set<string>();
  for (const line of start.split(/\r?\n/)) {
    if (line === "") break;
    const header = /^(?:([\w-]{2,60}):|[ \t])/.exec(line);
    if (header === null) return false;
    if (header[1] !== undefined) names.add(header[1].toLowerCase());
  }
  return names.has("from") && ["received", "message-id", "mime-version", "return-path"].some((name) => names.has(name));
}
