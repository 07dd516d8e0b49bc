export interface RobotsRule {
  allow: boolean;
  /** A path, or the beginning of one: `*` stands for anything, `$` at the end for the end. As {@link normal} writes it. */
  path: string;
}

/** Longer ones match no address that is asked for. */
const MAX_PATH = 2_000;

/**
 * The rules of a robots.txt for one program (RFC 9309): those of every group that names its product token, in any case, else those of the groups for `*`. Only these are kept, so that a file with
 * ten thousand names and ten thousand rules takes no more room than it is long.
 */
export function readRobots(text: string, token: string): RobotsRule[] {
  const own: RobotsRule[] = [];
  const others: RobotsRule[] = [];
  let named = false;
  /** Whom the rules that follow are for. */
  let forOwn = false;
  let forOthers = false;
  let inNames = false;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n?|\n/)) {
    const [, key = "", written = ""] = /^[ \t]*([A-Za-z-]{1,20})[ \t]*:([^#]*)/.exec(line) ?? [];
    const name = key.toLowerCase();
    const value = written.trim();
    if (name === "user-agent" || name === "useragent") {
      if (!inNames) forOwn = forOthers = false;
      inNames = true;
      if (/^[A-Za-z_-]*/.exec(value)?.[0].toLowerCase() === token) forOwn = named = true;
      else if (value === "*") forOthers = true;
    } else if (name === "allow" || name === "disallow") {
      inNames = false;
      // An empty one is none.
      if (value === "" || value.length > MAX_PATH) continue;
      const rule = { allow: name === "allow", path: normal(value) };
      if (forOwn) own.push(rule);
      if (forOthers && !named) others.push(rule);
    }
    // Other records (Sitemap, Crawl-delay) are not part of the protocol, and end nothing.
  }
  return named ? own : others;
}

/** Whether the rules let a program ask for an address: the longest that fits decides, of equal ones the one that allows; where none does, they do. */
export function mayAsk(rules: readonly RobotsRule[], url: URL): boolean {
  const path = normal(`${url.pathname}${url.search}`);
  if (path === "/robots.txt") return true;
  let best: RobotsRule | null = null;
  for (const rule of rules) {
    const longer = best === null || rule.path.length > best.path.length || (rule.path.length === best.path.length && rule.allow);
    if (longer && fits(rule.path, path)) best = rule;
  }
  return best?.allow ?? true;
}

/** Whether a pattern fits a path. Each part is looked for once behind the one before, so it takes time in proportion to the path. */
function fits(pattern: string, path: string): boolean {
  const ends = pattern.endsWith("$");
  const [first = "", ...parts] = (ends ? pattern.slice(0, -1) : pattern).split(/\*+/);
  if (!path.startsWith(first)) return false;
  let at = first.length;
  const last = ends ? parts.pop() : undefined;
  for (const part of parts) {
    const found = path.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  if (!ends) return true;
  return last === undefined ? at === path.length : path.length - last.length >= at && path.endsWith(last);
}

/** One way to write what is the same to a server: letters beyond ASCII as escapes, escapes in capitals, and none where a plain character is meant. */
function normal(path: string): string {
  return path
    .toWellFormed()
    .replaceAll(/[^\x21-\x7E]+/g, (letters) => encodeURIComponent(letters))
    .replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
      const plain = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(plain) ? plain : escape.toUpperCase();
    });
}
