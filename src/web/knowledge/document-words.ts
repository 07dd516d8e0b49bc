import type { DocumentsAdded, DocumentView, RecallHit } from "../api/knowledge.ts";
import { bytes, counted, whole } from "../lib/format.ts";
import { onDay } from "../lib/time.ts";

const TYPES: Record<NonNullable<DocumentView["type"]>, string> = {
  pdf: "PDF",
  markdown: "Markdown",
  text: "Text",
  html: "Web page",
  docx: "Word",
  xlsx: "Excel",
  pptx: "PowerPoint",
  odt: "Text document",
  ods: "Spreadsheet",
  odp: "Presentation",
  epub: "E-book",
  rtf: "Text document",
  csv: "Table",
  json: "JSON",
  eml: "Email",
  image: "Picture",
};

/** The host of an address, as a person knows it; null: none. */
export function hostOf(address: string | null): string | null {
  if (address === null) return null;
  try {
    return new URL(address).host.replace(/^www\./u, "");
  } catch {
    return null;
  }
}

/** What there is to know of a document in one line: type, extent, size, where from, version, when. */
export function documentFacts(now: number, document: DocumentView): string[] {
  const { type, pages, size, version } = document;
  const host = hostOf(document.source_url);
  return [
    type === null ? null : TYPES[type],
    pages !== null && pages > 1 ? `${whole(pages)} pages` : null,
    size > 0 ? bytes(size) : null,
    host === null ? null : `from ${host}`,
    version > 1 ? `version ${version}, ${onDay(now, document.updated_at)}` : `added ${onDay(now, document.created_at)}`,
  ].filter((fact) => fact !== null);
}

/** How far reading is, in whole percent. */
export const percent = (progress: number): number => Math.round(Math.min(1, Math.max(0, progress)) * 100);

/** How a document stands while it cannot be used yet; null: it can. */
export function statusWords({ status, progress }: DocumentView): string | null {
  if (status === "queued") return "Waits to be read";
  if (status === "reading") return progress > 0 ? `Reading, ${percent(progress)}%` : "Reading";
  return null;
}

/** What adding came to: `12 added, 2 were there already, 3 left out.` */
export function addedWords({ documents, known, skipped }: DocumentsAdded): string {
  if (documents.length === 0 && known.length === 1 && skipped.length === 0) return "Already there.";
  if (documents.length === 1 && known.length === 0 && skipped.length === 0) return "Added.";
  const parts = [
    documents.length > 0 ? `${documents.length} added` : null,
    known.length > 0 ? `${counted(known.length, "was", "were")} there already` : null,
    skipped.length > 0 ? `${skipped.length} left out` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "Nothing was in it." : `${parts.join(", ")}.`;
}

/** Where a hit opens: its id is `<document>:<position>`. */
export function hitPlace({ id }: Pick<RecallHit, "id">): string | null {
  const match = /^([\w-]+):(\d{1,9})$/u.exec(id);
  return match?.[1] === undefined ? null : `/knowledge/${match[1]}?at=${match[2]}`;
}

/** The place that an address names; null: none. */
export function placeIn(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/u.test(text) ? Number(text) : null;
}

export interface Heading {
  /** 1 to 6. */
  level: number;
  text: string;
}

/** A piece begins with the headings that begin there, each a line of `#`: taken off, so that they can be drawn as such in every format. */
export function withoutHeadings(text: string): { headings: Heading[]; body: string } {
  const headings: Heading[] = [];
  let body = text;
  for (let match = HEADING.exec(body); match !== null; match = HEADING.exec(body)) {
    headings.push({ level: match[1]?.length ?? 1, text: match[2] ?? "" });
    body = body.slice(match[0].length);
  }
  return { headings, body };
}

const HEADING = /^(#{1,6}) ([^\n]+)(?:\n+|$)/u;

/** The address that somebody typed, with what people leave out: `example.com/a` is one too. Null: it is none. */
export function asAddress(text: string): string | null {
  const trimmed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`;
  try {
    const { protocol, hostname } = new URL(full);
    return ["http:", "https:"].includes(protocol) && hostname.includes(".") ? full : null;
  } catch {
    return null;
  }
}
