import { sha256Hex } from "../../audit/hash.ts";
import type { EgressAnswer } from "../../egress/egress-result.ts";
import { decodeBody } from "../../html/decode-body.ts";
import { withoutInvisible } from "../../html/is-hidden.ts";
import { mainContent } from "../../html/main-content.ts";
import { readHtml } from "../../html/read-html.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";
import { type Incoming, MAX_CONTENT, oneLine } from "../incoming.ts";
import type { ReadResult } from "./read-result.ts";

/** Lines of a page that are compared. */
const MAX_LINES = 5_000;
/** Lines that are given as a list to conditions. */
const MAX_ADDED = 100;

/**
 * A page whose text changed is an event that says which lines are new. Of the page only hashes of its lines are kept, so what it said is stored nowhere; what is in a line but white space counts.
 * The first look only learns.
 */
export function readPage(
  { bytes, charset, mediaType, url }: Pick<EgressAnswer, "bytes" | "charset" | "mediaType" | "url">,
  { contains, snapshot, now }: { contains: string | null; snapshot: string | null; now: number },
): ReadResult {
  if (!/^(?:text\/|application\/(?:xhtml\+xml|json|xml)$)|\+(?:json|xml)$/u.test(mediaType))
    return { ok: false, why: `The page is ${mediaType}, which holds no text to compare.` };
  const html = mediaType === "text/html" || mediaType === "application/xhtml+xml";
  const body = decodeBody(bytes, charset, html);
  const read = html ? readHtml(body) : null;
  const lines = linesOf(read === null ? withoutInvisible(body) : writeMarkdown(mainContent(read.tree), () => null), contains);
  const hashes = lines.map((line) => sha256Hex(line).slice(0, 16));
  const kept = JSON.stringify([...new Set(hashes)]);
  const before = hashesOf(snapshot);
  if (before === null) return { ok: true, events: [], known: [], snapshot: kept };
  const there = new Set(hashes);
  const added = lines.filter((_, index) => !before.has(hashes[index] ?? ""));
  const gone = [...before].filter((hash) => !there.has(hash)).length;
  if (added.length === 0 && gone === 0) return { ok: true, events: [], known: [], snapshot: kept };
  return {
    ok: true,
    events: [pageEvent({ address: url, title: read?.title ?? "", added, gone, key: `page ${now} ${sha256Hex(kept)}` })],
    known: [],
    snapshot: kept,
  };
}

/** A change as an event. */
export function pageEvent({
  address,
  title,
  added,
  gone,
  key,
}: {
  address: string;
  title: string;
  added: readonly string[];
  gone: number;
  key: string;
}): Incoming {
  const name = oneLine(title) || (URL.parse(address)?.host ?? address);
  const what = [
    ...(added.length > 0 ? [counted(added.length, "new line")] : []),
    ...(gone > 0 ? [`${counted(gone, "line")} gone`] : []),
  ].join(", ");
  return {
    key,
    bytesKey: null,
    repeatMs: null,
    title: oneLine(`${name}: ${what}`),
    fields: {
      title: name,
      url: address,
      added: added.slice(0, MAX_ADDED),
      added_count: added.length,
      removed_count: gone,
      text: added.join("\n").slice(0, MAX_CONTENT),
    },
    content: [`page: ${name}`, `address: ${address}`, what, "", ...added.map((line) => `+ ${line}`)]
      .join("\n")
      .slice(0, MAX_CONTENT)
      .toWellFormed(),
    nothing: null,
  };
}

function linesOf(text: string, contains: string | null): string[] {
  const wanted = contains?.toLowerCase().replaceAll(/\s+/gu, " ") ?? null;
  return text
    .split("\n")
    .map((line) => line.replaceAll(/\s+/gu, " ").trim().slice(0, 2_000))
    .filter((line) => line !== "" && (wanted === null || line.toLowerCase().includes(wanted)))
    .slice(0, MAX_LINES);
}

/** null: there was no look before. */
function hashesOf(snapshot: string | null): Set<string> | null {
  if (snapshot === null) return null;
  const value: unknown = JSON.parse(snapshot);
  return new Set(Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
