import { metaCharset } from "../../html/decode-body.ts";
import { element, type HtmlElement } from "../../html/html-tree.ts";
import { contentIn } from "../../html/main-content.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";
import { DocumentError } from "../parsed.ts";
import { decodeText } from "./decode-text.ts";
import type { ParseDriver } from "./driver.ts";
import { bookIn, rootIn } from "./epub/book.ts";
import { contentsIn, type Label } from "./epub/contents.ts";
import { lockedIn } from "./epub/locked.ts";
import { MAX_HTML_CHARS, readPage } from "./html.ts";
import { linkOf } from "./link-of.ts";
import { addMarkdown } from "./markdown-blocks.ts";
import { OfficeParts } from "./office-parts.ts";
import type { Work } from "./work.ts";

/** E-books (EPUB 2 and 3): their chapters in the order in which they are read. A chapter that has no heading of its own is called as the table of contents calls it. */
export const parseEpub: ParseDriver = async ({ bytes, progress }, work) => {
  const parts = new OfficeParts(bytes, work);
  const root = rootIn();
  await parts.read("META-INF/container.xml", root);
  const described = root.path === null ? null : bookIn(root.path);
  if (root.path === null || described === null || !(await parts.read(root.path, described)))
    throw new DocumentError("damaged", "The e-book has no list of its chapters.");
  const { title, chapters, contents } = described.book();
  const locked = lockedIn();
  await parts.read("META-INF/encryption.xml", locked);
  if (chapters.some((path) => locked.files.has(path)))
    throw new DocumentError(
      "encrypted",
      "The e-book is protected against copying (DRM): only the program that it was bought for can read it.",
    );
  const labels = contents === null ? null : contentsIn(contents.kind, contents.path);
  if (contents !== null && labels !== null) await parts.read(contents.path, labels);
  for (const [index, path] of chapters.entries()) {
    const page = await parts.bytes(path, MAX_HTML_CHARS);
    if (page !== null && page.length > 0) await addChapter(page, labels?.labels.get(path), work);
    progress(index + 1, chapters.length);
  }
  return { title: title === "" ? null : title, pages: 1 };
};

async function addChapter(bytes: Uint8Array, label: Label | undefined, work: Work): Promise<void> {
  const html = await decodeText(bytes, work, MAX_HTML_CHARS, metaCharset(bytes));
  const { tree } = readPage(html, work, { xhtml: true });
  await work.pause();
  const text = writeMarkdown(contentIn(withNotes(tree)), linkOf);
  await work.pause();
  const named = label === undefined || text === "" || /^#{1,6} /mu.test(text);
  if (!named) work.add("heading", label.text, { level: label.level });
  await addMarkdown(named ? text : withoutName(text, label.text), work);
}

/** A chapter may begin with its name, written as a paragraph. */
function withoutName(text: string, name: string): string {
  const [first = ""] = text.split("\n\n", 1);
  return first.replaceAll(/[*_\s]+/gu, " ").trim() === name ? text.slice(first.length) : text;
}

/** On a page of the web these are around its text; in a book they hold notes. Recursive: the depth of the tree is limited where it is read. */
function withNotes({ name, attributes, block, children }: HtmlElement): HtmlElement {
  return element(
    name === "aside" || name === "footer" ? "div" : name,
    attributes,
    block,
    children.map((child) => (typeof child === "string" ? child : withNotes(child))),
  );
}
