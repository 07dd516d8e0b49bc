import type { EgressAnswer } from "../../egress/egress-result.ts";
import { mainContent } from "../../html/main-content.ts";
import { readHtml } from "../../html/read-html.ts";
import { writeMarkdown } from "../../html/write-markdown.ts";
import { type Feed, type FeedItem, NotAFeed } from "../feed/feed.ts";
import { parseFeed } from "../feed/parse-feed.ts";
import { type Incoming, MAX_CONTENT, oneLine } from "../incoming.ts";
import type { ReadResult } from "./read-result.ts";

/** A feed that was read before. What has come is known by its keys. */
const LEARNED = "learned";

/** Each entry of a feed is an event, the oldest first. The first look only learns which there are. */
export async function readFeed(
  { bytes, charset, truncated, url }: Pick<EgressAnswer, "bytes" | "charset" | "truncated" | "url">,
  snapshot: string | null,
): Promise<ReadResult> {
  try {
    const feed = await parseFeed(bytes, charset);
    const events = feed.items.toReversed().map((item) => feedEvent(feed, item, url));
    if (snapshot === null) return { ok: true, events: [], known: events.map(({ key }) => key), snapshot: LEARNED };
    return { ok: true, events, known: [], snapshot: LEARNED };
  } catch (error) {
    if (!(error instanceof NotAFeed)) throw error;
    return { ok: false, why: truncated ? "The feed is larger than can be read." : error.message };
  }
}

/** An entry as an event. */
export function feedEvent(feed: Pick<Feed, "title">, item: FeedItem, address: string): Incoming {
  const link = item.link === "" ? "" : (URL.parse(item.link, address)?.href ?? "");
  const summary = plainText(item.summary);
  const title = oneLine(item.title === "" ? summary : plainText(item.title)) || "An entry without a title";
  const lines = [
    `title: ${title}`,
    ...(link === "" ? [] : [`link: ${link.slice(0, 2_000)}`]),
    ...(item.author === "" ? [] : [`author: ${oneLine(plainText(item.author))}`]),
    ...(item.published === "" ? [] : [`published: ${oneLine(item.published, 60)}`]),
    ...(item.categories.length === 0 ? [] : [`categories: ${oneLine(item.categories.join(", "))}`]),
  ];
  return {
    key: `item ${item.key}`,
    bytesKey: null,
    repeatMs: null,
    title,
    fields: {
      title,
      link,
      summary,
      author: item.author,
      published: item.published,
      categories: item.categories,
      feed: { title: oneLine(feed.title), url: address },
    },
    content: [...lines, ...(summary === "" ? [] : ["", summary])].join("\n").slice(0, MAX_CONTENT).toWellFormed(),
    nothing: null,
  };
}

/** HTML as text, as far as it is any. */
function plainText(text: string): string {
  if (!/[<&]/u.test(text)) return text.trim();
  return writeMarkdown(mainContent(readHtml(text, { characters: 20_000, depth: 100, elements: 2_000 }).tree), () => null).trim();
}
