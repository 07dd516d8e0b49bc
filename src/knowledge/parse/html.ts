import { mainContent } from "../../html/main-content.ts";
import { metaCharset } from "../../html/decode-body.ts";
import { type HtmlLimits, type HtmlMore, type ReadHtml, readHtml } from "../../html/read-html.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";
import { DocumentError } from "../parsed.ts";
import { decodeText } from "./decode-text.ts";
import type { ParseDriver } from "./driver.ts";
import { linkOf } from "./link-of.ts";
import { addMarkdown } from "./markdown-blocks.ts";
import { tooLong, type Work } from "./work.ts";

/** A whole saved page has more around its text than in it. The tree of 100,000 elements takes about 30 MB. */
const LIMITS: HtmlLimits = { characters: 10_000_000, depth: 300, elements: 100_000 };

export const parseHtml: ParseDriver = async ({ bytes }, work) => {
  const html = await decodeText(bytes, work, LIMITS.characters, metaCharset(bytes));
  const title = await addHtml(html, work);
  return { title, pages: 1 };
};

/** Characters of a page with all that is around its text. */
export const MAX_HTML_CHARS = LIMITS.characters;

/** A page as a tree. Throws `DocumentError` where it is too much. */
export function readPage(html: string, work: Work, more?: HtmlMore): ReadHtml {
  const read = readHtml(html, LIMITS, more);
  const { limit } = read;
  if (limit === "depth") throw new DocumentError("too_deep", `The page has elements nested more than ${LIMITS.depth} times.`);
  if (limit === "elements") throw new DocumentError("too_long", "The page has more elements than can be taken in.");
  if (limit !== null) throw tooLong(work.limits);
  return read;
}

/** Adds what a person sees of a page, and gives back its title. */
export async function addHtml(html: string, work: Work): Promise<string | null> {
  const { tree, title } = readPage(html, work);
  await work.pause();
  const text = writeMarkdown(mainContent(tree), linkOf);
  tree.children.length = 0;
  await work.pause();
  await addMarkdown(text, work);
  return title === "" ? null : title;
}
