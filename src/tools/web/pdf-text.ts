import type { EgressAnswer } from "../../egress/egress-result.ts";
import type { ParseDriver } from "../../knowledge/parse/driver.ts";
import { parseDocument } from "../../knowledge/parse/parse-document.ts";
import { type Block, DocumentError, type ParseLimits } from "../../knowledge/parsed.ts";
import { linksIn } from "./page-link.ts";
import type { PageText } from "./page-text.ts";

/** Somebody waits for it: what is longer is for the knowledge base. The time is what a fetch leaves of the tool's own. */
const LIMITS: ParseLimits = { bytes: 10_000_000, pages: 500, chars: 2_000_000, ms: 8_000, unpackedBytes: 100_000_000 };
const MAX_LINKS = 2000;

/** A PDF as Markdown, each page behind its number. Takes over the bytes. Throws `DocumentError` or `ReaderAway` when it cannot be read, the signal's reason when it was called off. */
export async function pdfText({ bytes, truncated }: EgressAnswer, pdf: ParseDriver, signal: AbortSignal): Promise<PageText> {
  if (truncated) throw new DocumentError("too_large", "The PDF is larger than can be read here (10 MB).");
  const { title, pages, blocks } = await parseDocument(bytes, { name: "page.pdf", mime: "application/pdf" }, LIMITS, { signal, pdf });
  const text = markdownOf(blocks);
  const about = `PDF; ${pages === 1 ? "1 page" : `${pages} pages`}`;
  return { title: title ?? "", about, text, links: linksIn(text, MAX_LINKS), cut: false, partly: false };
}

function markdownOf(blocks: readonly Block[]): string {
  let text = "";
  let last: Block | null = null;
  for (const block of blocks) {
    if (block.page !== (last?.page ?? 1)) text += `${text === "" ? "" : "\n\n"}[Page ${block.page}]`;
    const items = last?.kind === "list-item" && block.kind === "list-item" && last.page === block.page;
    const written = block.kind === "heading" ? `${"#".repeat(block.level ?? 2)} ${block.text}` : block.text;
    text += `${text === "" ? "" : items ? "\n" : "\n\n"}${written}`;
    last = block;
  }
  return text;
}
