import { decodeBody } from "../../html/decode-body.ts";
import { type Feed, NotAFeed } from "./feed.ts";
import { parseJsonFeed } from "./json-feed.ts";
import { parseXmlFeed } from "./xml-feed.ts";

/** RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287) and JSON Feed 1.x, told apart by what is in it: servers name their types as they like. Throws {@link NotAFeed}. */
export async function parseFeed(bytes: Uint8Array, charset: string | null): Promise<Feed> {
  const text = decodeBody(bytes, charset, false).trimStart();
  if (text.startsWith("{")) return parseJsonFeed(text);
  if (text.startsWith("<")) return parseXmlFeed(text);
  throw new NotAFeed("There is no feed at this address.");
}
