import { checkEgressUrl } from "../../egress/check-url.ts";

/**
 * An address as it can be fetched later and is compared byte for byte: absolute, as the URL standard writes it, without fragment; null: not one that may be fetched.
 */
export function pageLink(href: string, base?: string): string | null {
  const url = URL.parse(href.trim(), base);
  if (url === null) return null;
  url.hash = "";
  // The setter leaves nothing behind, not even the "#".
  return checkEgressUrl(url.href).allowed ? url.href : null;
}

/** Addresses in a text that is no HTML, in their order, each once. */
export function linksIn(text: string, most: number): string[] {
  const found = new Set<string>();
  for (const [written] of text.matchAll(/https?:\/\/[^\s<>"'`|\\^{}]{1,2000}/gi)) {
    // The end of the sentence, or of the Markdown link, around it.
    const plain = written.replace(/[.,;:!?*_~)\]]+$/u, (end) =>
      end.startsWith(")") && /\([^()]*$/.test(written.slice(0, -end.length)) ? ")" : "",
    );
    const link = pageLink(plain);
    if (link !== null) found.add(link);
    if (found.size >= most) break;
  }
  return [...found];
}
