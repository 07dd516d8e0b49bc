import { readXml } from "../../knowledge/parse/xml.ts";
import { Work } from "../../knowledge/parse/work.ts";
import { DocumentError, PARSE_LIMITS } from "../../knowledge/parsed.ts";
import { type Feed, type FeedItem, MAX_FIELD, MAX_ITEMS, NotAFeed } from "./feed.ts";

/** Which field of an item an element fills, by its local name. Earlier names of a field win over later ones: a full text is taken only where there is no summary. */
const FIELDS: Readonly<Record<string, { field: "id" | "title" | "link" | "published" | "author" | "summary"; rank: number }>> = {
  guid: { field: "id", rank: 0 },
  id: { field: "id", rank: 1 },
  title: { field: "title", rank: 0 },
  link: { field: "link", rank: 0 },
  pubdate: { field: "published", rank: 0 },
  published: { field: "published", rank: 0 },
  date: { field: "published", rank: 1 },
  updated: { field: "published", rank: 2 },
  creator: { field: "author", rank: 0 },
  author: { field: "author", rank: 1 },
  description: { field: "summary", rank: 0 },
  summary: { field: "summary", rank: 0 },
  content: { field: "summary", rank: 1 },
  encoded: { field: "summary", rank: 1 },
};

type FieldName = (typeof FIELDS)[string]["field"];
/** Vocabularies of pictures and films, whose titles and descriptions are about them. */
const FOREIGN = new Set(["media", "itunes", "podcast", "georss", "thr", "slash", "wfw"]);
const MAX_MS = 10_000;

/** RSS of any version and Atom. A feed that breaks off gives what came before. Entities that it declares for itself are not known, so none can grow. Throws {@link NotAFeed}. */
export async function parseXmlFeed(text: string): Promise<Feed> {
  const reader = new FeedReader();
  try {
    await readXml([new TextEncoder().encode(text)], reader, new Work({ ...PARSE_LIMITS, ms: MAX_MS }, {}));
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    if (reader.items.length === 0) throw new NotAFeed("The feed is damaged: it cannot be read.");
  }
  if (!reader.isFeed) throw new NotAFeed("This is a page or something else, but no feed.");
  return { title: reader.title.trim(), items: reader.items };
}

class FeedReader {
  isFeed = false;
  title = "";
  readonly items: FeedItem[] = [];
  #depth = 0;
  /** The item that is open, and how deep it lies. */
  #item: { at: number; values: Map<FieldName, { text: string; rank: number }>; categories: string[] } | null = null;
  /** The field that characters go to, and how deep its element lies. */
  #into: { at: number; field: FieldName; rank: number; text: string } | null = null;
  #inFeedTitle: number | null = null;
  #category: number | null = null;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const { prefix, local } = nameOf(name);
    this.#depth++;
    if (this.#depth === 1) this.isFeed = ["rss", "rdf", "feed"].includes(local);
    if (!this.isFeed) return;
    if (this.#item === null) {
      if ((local === "item" || local === "entry") && this.items.length < MAX_ITEMS)
        this.#item = { at: this.#depth, values: new Map(), categories: [] };
      else if (local === "title" && prefix === "" && this.title === "" && this.#depth <= 3) this.#inFeedTitle = this.#depth;
      return;
    }
    // What stands inside a field is part of it: Atom may hold XHTML.
    if (this.#into !== null || this.#depth !== this.#item.at + 1 || FOREIGN.has(prefix)) return;
    if (local === "category") {
      const term = attributes["term"] ?? attributes["label"];
      if (term !== undefined) this.#item.categories.push(term.slice(0, 100));
      else {
        this.#category = this.#depth;
        this.#item.categories.push("");
      }
      return;
    }
    const known = Object.hasOwn(FIELDS, local) ? FIELDS[local] : undefined;
    if (known === undefined) return;
    const href = attributes["href"];
    if (local === "link" && href !== undefined) {
      if ((attributes["rel"] ?? "alternate") === "alternate") this.#keep("link", href, 0);
      return;
    }
    this.#into = { at: this.#depth, field: known.field, rank: known.rank, text: "" };
  }

  characters(text: string): void {
    if (this.#inFeedTitle !== null) this.title = `${this.title}${text}`.slice(0, 300);
    else if (this.#into !== null && this.#into.text.length < MAX_FIELD) this.#into.text += text;
    else if (this.#category !== null && this.#item !== null) {
      const last = this.#item.categories.pop() ?? "";
      this.#item.categories.push(`${last}${text}`.slice(0, 100));
    }
  }

  close(_name: string): void {
    if (this.#inFeedTitle === this.#depth) this.#inFeedTitle = null;
    if (this.#category === this.#depth) this.#category = null;
    if (this.#into?.at === this.#depth) {
      this.#keep(this.#into.field, this.#into.text, this.#into.rank);
      this.#into = null;
    }
    if (this.#item?.at === this.#depth) {
      this.items.push(itemOf(this.#item));
      this.#item = null;
    }
    this.#depth--;
  }

  #keep(field: FieldName, text: string, rank: number): void {
    const value = text.trim().slice(0, MAX_FIELD);
    const before = this.#item?.values.get(field);
    if (value !== "" && (before === undefined || rank < before.rank)) this.#item?.values.set(field, { text: value, rank });
  }
}

function itemOf({ values, categories }: { values: Map<FieldName, { text: string }>; categories: string[] }): FeedItem {
  const of = (field: FieldName): string => values.get(field)?.text ?? "";
  return {
    key: of("id") || of("link") || `${of("title")} ${of("published")} ${of("summary")}`,
    title: of("title"),
    link: of("link"),
    published: of("published"),
    author: of("author"),
    summary: of("summary"),
    categories: categories
      .map((one) => one.trim())
      .filter((one) => one !== "")
      .slice(0, 20),
  };
}

/** `dc:date` apart, in lower case. */
function nameOf(name: string): { prefix: string; local: string } {
  const lower = name.toLowerCase();
  const colon = lower.indexOf(":");
  return { prefix: colon === -1 ? "" : lower.slice(0, colon), local: lower.slice(colon + 1) };
}
