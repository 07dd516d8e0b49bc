import { mainContent } from "../../html/main-content.ts";
import { pageLink } from "./page-link.ts";
import { readHtml } from "../../html/read-html.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";

export interface MarkdownPage {
  title: string;
  text: string;
  /** Addresses of the text that may be fetched, in their order, each once. */
  links: string[];
  /** Whether the page was too large to be read to its end. */
  cut: boolean;
}

const MAX_LINKS = 2000;

/**
 * The content of a page as Markdown for a model, with absolute links. Takes time in proportion to the page's length, whatever is written there: general converters
 * (hast-util-to-mdast) take minutes for a few kilobytes that are meant to. Imported only when a page is read.
 */
export function htmlToMarkdown(html: string, address: string): MarkdownPage {
  const { tree, title, base, cut } = readHtml(html);
  const from = (base !== null && URL.parse(base, address)?.href) || address;
  const links = new Set<string>();
  const resolve = (href: string): string | null => {
    // A place in this very page.
    if (href.trim() === "" || href.startsWith("#")) return null;
    if (/^(?:mailto|tel):[^\s()<>]{1,200}$/i.test(href)) return href;
    const link = pageLink(href, from);
    if (link !== null && links.size < MAX_LINKS) links.add(link);
    return link;
  };
  return { title, text: writeMarkdown(mainContent(tree), resolve), links: [...links], cut };
}
