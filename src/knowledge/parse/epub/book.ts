import { localName, type XmlHandler } from "../xml.ts";
import { pathIn } from "./path-in.ts";

/** What an e-book has, in the order in which it is read. Paths are those of the zip. */
export interface Book {
  title: string;
  chapters: readonly string[];
  /** Its table of contents: of EPUB 3 (`nav`), else of EPUB 2 (`ncx`); null: none. */
  contents: { kind: "nav" | "ncx"; path: string } | null;
}

const MAX_ITEMS = 20_000;
/** Characters of an id with its address. */
const MAX_CHARS = 2_500;
/** Types of what can be a chapter. Pictures can be too, which say nothing. */
const PAGES = new Set(["application/xhtml+xml", "text/html", "text/x-oeb1-document"]);

/** Reads `META-INF/container.xml`: where the book is described. */
export function rootIn(): XmlHandler & { path: string | null } {
  const handler = {
    path: null as string | null,
    open(name: string, attributes: Readonly<Record<string, string>>): void {
      const path = attributes["full-path"];
      if (localName(name) === "rootfile" && path !== undefined && path.length <= MAX_CHARS) handler.path ??= path;
    },
    close(): void {},
  };
  return handler;
}

/** Reads what describes the book (EPUB 3.3, 5). `path`: where that is. */
export function bookIn(path: string): XmlHandler & { book(): Book } {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const items = new Map<string, { path: string; page: boolean }>();
  const order: string[] = [];
  let title = "";
  let titles = 0;
  let inTitle = false;
  let nav: string | null = null;
  let ncx: string | null = null;
  return {
    book() {
      const paths = order.flatMap((id) => {
        const item = items.get(id);
        // A table of contents that stands in the book says its headings a second time.
        return item?.page === true && item.path !== nav ? [item.path] : [];
      });
      const contents = nav !== null ? { kind: "nav" as const, path: nav } : ncx !== null ? { kind: "ncx" as const, path: ncx } : null;
      return { title: title.trim(), chapters: [...new Set(paths)], contents };
    },
    open(name, { id = "", idref = "", href = "", properties = "", "media-type": type = "" }) {
      const kind = localName(name);
      if (kind === "title") inTitle = ++titles === 1;
      else if (kind === "itemref") {
        if (order.length < MAX_ITEMS && idref.length <= MAX_CHARS) order.push(idref);
      } else if (kind === "item" && items.size < MAX_ITEMS && id.length + href.length <= MAX_CHARS) {
        const at = pathIn(href, folder);
        if (at === null) return;
        items.set(id, { path: at, page: PAGES.has(type) });
        if (/(?:^|\s)nav(?:\s|$)/u.test(properties)) nav ??= at;
        if (type === "application/x-dtbncx+xml") ncx ??= at;
      }
    },
    close(name) {
      if (localName(name) === "title") inTitle = false;
    },
    characters(text) {
      if (inTitle && title.length < MAX_CHARS) title += text;
    },
  };
}
