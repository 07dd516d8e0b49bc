import type { EgressAnswer } from "../../egress/egress-result.ts";
import { decodeBody } from "../../html/decode-body.ts";
import { withoutInvisible } from "../../html/is-hidden.ts";
import type { ParseDriver } from "../../knowledge/parse/driver.ts";
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
  "application/pdf",
] as const;

export interface PageText {
  title: string;
  /** What else the page says about itself, in one line; empty: nothing. */
  about: string;
  text: string;
  /** Addresses that may be fetched, in their order, each once. */
  links: readonly string[];
  /** Whether something at the end is missing. */
  cut: boolean;
  /** Whether most of what a person sees was left out, as not of the main text. */
  partly: boolean;
}

export interface PageTextOptions {
  /** All that a page shows, and not only its main text. */
  whole: boolean;
  signal: AbortSignal;
  /** Reads PDFs. */
  pdf: ParseDriver;
}

/** JSON up to this length, in characters, is laid out in lines; above that the spaces cost more than they help. */
const SMALL_JSON = 4000;
const MAX_LINKS = 2000;

/** Bytes of an answer that are read as text. */
const MAX_TEXT_BYTES = 5_000_000;
/** With less of it a model is told that there is more. */
const MOST = 0.5;

/** What there is to read in an answer: HTML and PDF as Markdown, anything else as it is. Throws `DocumentError` or `ReaderAway` for a PDF that cannot be read. */
export async function pageText(answer: EgressAnswer, { whole, signal, pdf }: PageTextOptions): Promise<PageText> {
  const { mediaType, charset, url } = answer;
  if (mediaType === "application/pdf") return (await import("./pdf-text.ts")).pdfText(answer, pdf, signal);
  const bytes = answer.bytes.subarray(0, MAX_TEXT_BYTES);
  const truncated = answer.truncated || bytes.length < answer.bytes.length;
  const html = mediaType === "text/html" || mediaType === "application/xhtml+xml";
  const body = decodeBody(bytes, charset, html);
  if (html) {
    const { htmlToMarkdown } = await import("./html-to-markdown.ts");
    const { share, ...page } = htmlToMarkdown(body, url, whole);
    return { ...page, cut: page.cut || truncated, partly: share < MOST };
  }
  const json = mediaType === "application/json" || mediaType.endsWith("+json");
  const text = withoutInvisible(json ? laidOut(body) : body);
  return {
    title: "",
    about: "",
    text: text.replaceAll("\r\n", "\n").trim(),
    links: linksIn(text, MAX_LINKS),
    cut: truncated,
    partly: false,
  };
}

function laidOut(text: string): string {
  if (text.length > SMALL_JSON) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}
