/** One entry of a feed. All of it is somebody else's. */
export interface FeedItem {
  /** What tells it from others: its id, else its address, else what it says. */
  key: string;
  title: string;
  link: string;
  /** As the feed writes it. */
  published: string;
  author: string;
  /** HTML or text. */
  summary: string;
  categories: string[];
}

export interface Feed {
  title: string;
  /** In the order of the feed, which is mostly the newest first. */
  items: FeedItem[];
}

/** Entries that are read, and characters of one field. */
export const MAX_ITEMS = 300;
export const MAX_FIELD = 20_000;

/** Why something is no feed, as a sentence. */
export class NotAFeed extends Error {
  override readonly name = "NotAFeed";
}
