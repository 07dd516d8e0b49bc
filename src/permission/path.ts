/**
 * A path for comparing: absolute, without `.`, `..`, doubled or backward slashes, escapes decoded until none is left. null: it leads out of the root, or holds what no
 * path holds.
 */
export function readPath(text: string): string | null {
  let plain = text;
  // Decoded more often than anybody encodes: what is still escaped then is meant to mislead.
  for (let round = 0; /%[0-9a-f]{2}/i.test(plain); round++) {
    if (round === 4) return null;
    try {
      plain = decodeURIComponent(plain);
    } catch {
      return null;
    }
  }
  if (/\p{Cc}/u.test(plain)) return null;
  const segments: string[] = [];
  for (const segment of plain.replaceAll("\\", "/").split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment.normalize("NFC"));
    else if (segments.pop() === undefined) return null;
  }
  return `/${segments.join("/")}`;
}

/** Whether `path` is `folder` or below it. */
export const isBelow = (folder: string, path: string): boolean => folder === "/" || path === folder || path.startsWith(`${folder}/`);
