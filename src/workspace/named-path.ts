/** A path of a file below the folders that results and what was sent are in, as answers name it. */
const NAMED = /^\/(?:outputs|uploads)\/[^\p{Cc}\\]{1,1000}\.\w{1,10}$/u;
/** The same within a sentence, where it ends at a blank or at what encloses it. */
export const NAMED_IN_TEXT = /(?<![\p{L}\p{N}./:~%_-])\/(?:outputs|uploads)\/[^\s`"'<>()[\]{}|*\\]{1,500}\.\w{1,10}(?![\p{L}\p{N}_/-])/gu;

/** The path that an answer names, or a link in it leads to (`/outputs/a.md`, also percent-encoded); null: it is no such path. */
export function namedPath(text: string): string | null {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    plain = text;
  }
  return NAMED.test(plain) && !/(?:^|\/)\.{1,2}(?:\/|$)|\/\//u.test(plain) ? plain : null;
}

/** A sentence in its parts: `path` of one that names a file; null: the words between. */
export function namedParts(text: string): { text: string; path: string | null }[] {
  const parts: { text: string; path: string | null }[] = [];
  let from = 0;
  const words = (to: number): void => void (to > from && parts.push({ text: text.slice(from, to), path: null }));
  for (const { 0: name, index } of text.matchAll(NAMED_IN_TEXT)) {
    const path = namedPath(name);
    if (path === null) continue;
    words(index);
    parts.push({ text: name, path });
    from = index + name.length;
  }
  words(text.length);
  return parts;
}

/** Paths stay readable in an address. */
export const encodedPath = (path: string): string => encodeURIComponent(path).replaceAll("%2F", "/");

/** Where the page shows a file, below the page's own address. */
export const fileHref = (path: string): string => `/files?file=${encodedPath(path)}`;

/** The path of a file that a link leads to, by its path or by its place on the page; null: it leads elsewhere. */
export function linkedPath(target: string): string | null {
  const place = "/files?file=";
  if (!target.startsWith(place)) return namedPath(target);
  try {
    const path = decodeURIComponent(target.slice(place.length));
    return path.startsWith("/") ? path : null;
  } catch {
    return null;
  }
}
