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
