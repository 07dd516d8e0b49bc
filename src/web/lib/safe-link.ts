/** An address a link may go to, or null. Messages can come from anywhere: `javascript:`, `data:` and the like never become links. */
export function safeLink(href: string | undefined): string | null {
  if (href === undefined || href === "") return null;
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
}

/** The only pages of our own that a text may lead to: places in documents, memories, and files or folders by their whole path. All of them only show. */
const OUR_PLACES =
  /^\/(?:knowledge\/[\w-]{1,64}(?:\?at=\d{1,9})?|memory\?id=[\w-]{1,64}|files\?(?:file|path)=\/(?!\/|.*(?:\.\.|\/\/|%2[EeFf]|%5[Cc]))[^\s\\&#?+]{1,3072})$/u;

/**
 * Where a link leads inside this page, as an answer cites it: `/knowledge/<document>?at=<position>`, `/files?file=<path>`, also with this Margay's own address before it; else
 * null. Whatever else a text calls a page of ours stays text.
 */
export function appLink(href: string | undefined, origin: string): string | null {
  if (href === undefined) return null;
  const path = href.startsWith(`${origin}/`) ? href.slice(origin.length) : href;
  return OUR_PLACES.test(path) ? path : null;
}
