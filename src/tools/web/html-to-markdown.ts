import { extractPage } from "../../extract/extract-page.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";
import { pageLink } from "./page-link.ts";

export interface MarkdownPage {
  title: string;
  /** What else the page says about itself, in one line; empty: nothing. */
  about: string;
  text: string;
  /** Addresses of the text that may be fetched, in their order, each once. */
  links: string[];
  /** Whether the page was too large to be read to its end. */
  cut: boolean;
  /** The part of what a person sees that `text` was taken from, from 0 to 1. */
  share: number;
}

const MAX_LINKS = 2000;

/**
 * The main text of a page as Markdown for a model, with absolute links; `whole`: all of it but its menus. Takes time in proportion to the page's length, whatever is written
 * there: general converters (hast-util-to-mdast) take minutes for a few kilobytes that are meant to. Imported only when a page is read.
 */
export function htmlToMarkdown(html: string, address: string, whole = false): MarkdownPage {
  const { facts, content, base, cut, share } = extractPage(html, { whole });
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
  const text = writeMarkdown(content, resolve);
  const about = [facts.byline, facts.site, facts.published, facts.language, ownAddress(facts.canonical, address, from)]
    .filter((one) => one !== null)
    .join("; ");
  return { title: facts.title, about, text, links: [...links], cut, share };
}

/**
 * The address that a page says it belongs under, where it is another of the same host; null: there is none. No person sees it, so it is no link of the page, and one of another host would only be a way to lead a model there.
 */
function ownAddress(canonical: string | null, address: string, base: string): string | null {
  const own = canonical === null ? null : pageLink(canonical, base);
  if (own === null || own === pageLink(address)) return null;
  return URL.parse(own)?.host === URL.parse(address)?.host ? own : null;
}
