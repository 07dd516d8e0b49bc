import { z } from "zod";
import { type Feed, MAX_FIELD, MAX_ITEMS, NotAFeed } from "./feed.ts";

/** What is no text is left out. */
const Text = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.slice(0, MAX_FIELD))
  .catch("");
const Author = z.object({ name: Text }).catch({ name: "" });

/** https://www.jsonfeed.org/version/1.1/ */
const JsonFeed = z.object({
  version: z.string().startsWith("https://jsonfeed.org/version/"),
  title: Text,
  items: z.array(z.unknown()),
});
const Item = z.object({
  id: Text,
  url: Text,
  title: Text,
  content_text: Text,
  content_html: Text,
  summary: Text,
  date_published: Text,
  author: Author,
  authors: z.array(Author).catch([]),
  tags: z.array(Text).catch([]),
});

export function parseJsonFeed(text: string): Feed {
  const feed = JsonFeed.safeParse(parsed(text));
  if (!feed.success) throw new NotAFeed("This is JSON, but no JSON Feed.");
  const items = feed.data.items.slice(0, MAX_ITEMS).flatMap((one) => Item.safeParse(one).data ?? []);
  return {
    title: feed.data.title,
    items: items.map((item) => ({
      key: item.id || item.url || `${item.title} ${item.content_text || item.content_html}`,
      title: item.title,
      link: item.url,
      published: item.date_published,
      author: item.authors[0]?.name ?? item.author.name,
      summary: item.summary || item.content_text || item.content_html,
      categories: item.tags.slice(0, 20),
    })),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
