import type { EgressAnswer } from "../../egress/egress-result.ts";
import { decodeBody } from "../../html/decode-body.ts";
import { withoutInvisible } from "../../html/is-hidden.ts";
import { linksIn } from "./page-link.ts";

/** Media types that can be read: see {@link EgressOptions.types}. */
export const READABLE_TYPES = [
  "text/",
  "application/json",
  "+json",
  "application/xhtml+xml",
  "application/xml",
  "+xml",
  "application/yaml",
  "application/x-yaml",
  "application/toml",
  "application/javascript",
] as const;

export interface PageText {
  title: string;
  text: string;
  /** Addresses that may be fetched, in their order, each once. */
  links: readonly string[];
  /** Whether something at the end is missing. */
  cut: boolean;
}

/** JSON up to this length, in characters, is laid out in lines; above that the spaces cost more than they help. */
const SMALL_JSON = 4000;
const MAX_LINKS = 2000;

/** What there is to read in an answer: HTML as Markdown, anything else as it is. */
export async function pageText({ bytes, mediaType, charset, truncated, url }: EgressAnswer): Promise<PageText> {
  const html = mediaType === "text/html" || mediaType === "application/xhtml+xml";
  const body = decodeBody(bytes, charset, html);
  if (html) {
    const { htmlToMarkdown } = await import("./html-to-markdown.ts");
    const page = htmlToMarkdown(body, url);
    return { ...page, cut: page.cut || truncated };
  }
  const json = mediaType === "application/json" || mediaType.endsWith("+json");
  const text = withoutInvisible(json ? laidOut(body) : body);
  return { title: "", text: text.replaceAll("\r\n", "\n").trim(), links: linksIn(text, MAX_LINKS), cut: truncated };
}

function laidOut(text: string): string {
  if (text.length > SMALL_JSON) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}
