import { z } from "zod";
import { withoutInvisible } from "../html/is-hidden.ts";
import { normal } from "./phrases.ts";

/** What a page says about itself. Every text is one line, and one that a person sees on the page too: what only machines read is how pages give orders to agents. */
export interface PageFacts {
  title: string;
  byline: string | null;
  /** ISO 8601, as far as the page says it: a day, or a moment. */
  published: string | null;
  site: string | null;
  /** BCP 47. */
  language: string | null;
  /** As it is written, so it may be relative. */
  canonical: string | null;
  /** Whether it calls itself an article. */
  article: boolean;
}

/** Takes what a page says about itself while the page is read. */
export class FactsReader {
  readonly #meta = new Map<string, string>();
  readonly #data: Data[] = [];
  #canonical: string | null = null;
  #dataLength = 0;

  meta(attributes: Readonly<Record<string, string>>): void {
    const { rel, href, content } = attributes;
    if (href !== undefined && rel?.trim().toLowerCase() === "canonical") this.#canonical ??= href.trim().slice(0, MAX_ADDRESS);
    const name = (attributes["property"] ?? attributes["name"] ?? attributes["itemprop"] ?? "").trim().toLowerCase();
    if (content !== undefined && WANTED.has(name) && !this.#meta.has(name)) this.#meta.set(name, content.slice(0, MAX_TEXT));
  }

  data(json: string): void {
    this.#dataLength += json.length;
    if (this.#dataLength > MAX_DATA) return;
    try {
      this.#data.push(...articlesIn(JSON.parse(json)));
    } catch {
      // Not JSON: then it says nothing.
    }
  }

  /** `title` and `headings` as a person sees them, `text`: all that is seen, `language`: of the document. */
  facts({
    title,
    headings,
    text,
    language,
  }: {
    title: string;
    headings: readonly string[];
    text: string;
    language: string | undefined;
  }): PageFacts {
    const seen = ` ${normal(`${title} ${text.slice(0, MAX_SEEN)}`)} `;
    const visible = (found: string | null | undefined): string | null => {
      const line = oneLine(found ?? "");
      const words = normal(line);
      return words !== "" && seen.includes(` ${words} `) ? line : null;
    };
    const first = <T>(...found: (T | null | undefined)[]): T | null => found.find((one) => one !== null && one !== undefined) ?? null;
    const get = (name: string): string | undefined => this.#meta.get(name);
    const [data] = this.#data;
    const site = first(visible(get("og:site_name")), visible(get("application-name")), visible(data?.publisher));
    const headline = first(visible(data?.headline), visible(get("og:title")));
    const heading = oneLine(headings[0] ?? "");
    // The first heading can be the name of the whole site, or of a manual.
    const named = title === "" || (heading !== "" && normal(title).startsWith(normal(heading))) ? heading : title;
    return {
      title: withoutSite(headline ?? named, site),
      byline: first(
        ...(data?.authors ?? []).map(visible),
        visible(get("author")),
        visible(get("article:author")),
        visible(get("dc.creator")),
      ),
      published: first(
        ...[data?.published, get("article:published_time"), get("datepublished"), get("date"), get("dc.date"), get("pubdate")].map(isoDate),
      ),
      site,
      language: first(
        ...[language, data?.language, get("og:locale")?.replace("_", "-")].map((one) =>
          one !== undefined && LANGUAGE.test(one) ? one : null,
        ),
      ),
      canonical: this.#canonical,
      article: data !== undefined || get("og:type")?.trim().toLowerCase() === "article" || get("article:published_time") !== undefined,
    };
  }
}

const MAX_TEXT = 300;
/** Characters of the page that are looked through. */
const MAX_SEEN = 200_000;
const MAX_ADDRESS = 2_000;
/** Characters of JSON-LD that are read. */
const MAX_DATA = 300_000;
const WANTED = new Set(
  "og:site_name application-name og:title og:type og:locale author article:author dc.creator article:published_time datepublished date dc.date pubdate".split(
    " ",
  ),
);
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;

const oneLine = (text: string): string =>
  withoutInvisible(text)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, MAX_TEXT);

/** A title without the name of the site at its end. */
function withoutSite(title: string, site: string | null): string {
  const [, short, name] = /^(.{3,}?)\s+[|–—·:»-]+\s+([^|–—·:»]{2,60})$/u.exec(title) ?? [];
  return short !== undefined && site !== null && normal(name ?? "") === normal(site) ? short : title;
}

/** A day or a moment as ISO 8601, in the last years or near; null: it is none. */
function isoDate(text: string | undefined): string | null {
  const written = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}[\d:.]*(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(text?.trim() ?? "");
  if (written === null || Number.isNaN(Date.parse(written[1] ?? ""))) return null;
  return written[0].replace(" ", "T");
}

interface Data {
  headline: string | undefined;
  authors: string[];
  published: string | undefined;
  publisher: string | undefined;
  language: string | undefined;
}

const Text = z.string().optional().catch(undefined);
const Named = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const Article = z.object({
  "@type": z.union([z.string(), z.array(z.string()).transform((types) => types.join(" "))]),
  headline: Text,
  author: z.union([Named.transform((one) => [one]), z.array(Named)]).catch([]),
  datePublished: Text,
  publisher: Named.optional().catch(undefined),
  inLanguage: Text,
});
const ARTICLE = /(?:Article|BlogPosting|Report|NewsItem|Recipe|Review)\b/;
const MAX_NODES = 200;

/** The articles that JSON-LD describes, at its top, in a list or in a graph. */
function articlesIn(json: unknown): Data[] {
  const found: Data[] = [];
  const pending = [json];
  for (let seen = 0; pending.length > 0 && seen < MAX_NODES; seen++) {
    const one = pending.shift();
    if (Array.isArray(one)) {
      pending.push(...one.slice(0, MAX_NODES));
      continue;
    }
    if (typeof one !== "object" || one === null) continue;
    if ("@graph" in one) pending.push(one["@graph"]);
    const { data } = Article.safeParse(one);
    if (!data || !ARTICLE.test(data["@type"])) continue;
    const { headline, author, datePublished, publisher, inLanguage } = data;
    found.push({ headline, authors: author.slice(0, 5), published: datePublished, publisher, language: inLanguage });
  }
  return found;
}
