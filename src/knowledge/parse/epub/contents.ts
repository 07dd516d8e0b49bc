import { localName, type XmlHandler } from "../xml.ts";
import { pathIn } from "./path-in.ts";

/** How a chapter is called in the table of contents, and how deep it stands there, 1 to 6. */
export interface Label {
  text: string;
  level: number;
}

const MAX_LABELS = 20_000;
const MAX_CHARS = 300;

/** Reads a table of contents: `nav` of EPUB 3, `ncx` of EPUB 2. `path`: where it is. `labels`: by the path of the chapter, the first for each. */
export function contentsIn(kind: "nav" | "ncx", path: string): XmlHandler & { labels: ReadonlyMap<string, Label> } {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const labels = new Map<string, Label>();
  let depth = 0;
  let text = "";
  let address = "";
  /** Whether text is read now: in a link, or in a label. */
  let reading = false;
  /** A document has several lists: of its pages and its landmarks too. */
  let toc = kind === "ncx";
  const add = (): void => {
    const label = text.replaceAll(/\s+/gu, " ").trim();
    const at = pathIn(address, folder);
    if (at === null || label === "" || labels.has(at) || labels.size >= MAX_LABELS) return;
    labels.set(at, { text: label, level: Math.min(6, Math.max(1, depth)) });
  };
  return {
    labels,
    open(name, attributes) {
      const element = localName(name);
      if (element === "nav") toc = /(?:^|\s)toc(?:\s|$)/u.test(attributes["epub:type"] ?? attributes["role"]?.replace("doc-", "") ?? "");
      if (!toc) return;
      if (element === (kind === "nav" ? "ol" : "navPoint")) depth++;
      else if (element === (kind === "nav" ? "a" : "text")) {
        text = "";
        address = attributes["href"]?.slice(0, 2_000) ?? "";
        reading = true;
      } else if (element === "content" && kind === "ncx" && depth > 0) {
        address = attributes["src"]?.slice(0, 2_000) ?? "";
        add();
      }
    },
    close(name) {
      const element = localName(name);
      if (element === "nav" && kind === "nav") toc = false;
      if (!toc) return;
      if (element === (kind === "nav" ? "ol" : "navPoint")) depth--;
      else if (element === "a" || element === "text") {
        reading = false;
        if (kind === "nav" && element === "a") add();
      }
    },
    characters(part) {
      if (reading && text.length < MAX_CHARS) text += part.slice(0, MAX_CHARS);
    },
  };
}
