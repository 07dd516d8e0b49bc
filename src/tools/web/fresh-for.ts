/** The longest that a page is taken as it was, whatever its server allows: somebody asks because they want to know how it is now. */
export const MAX_FRESH_MS = 3_600_000;
/** Where a server says nothing: long enough to go on reading a long page. */
export const DEFAULT_FRESH_MS = 300_000;

/**
 * How long an answer is fresh, milliseconds (RFC 9111); 0: ask again each time; null: it is not to be kept at all. `private` is not kept either: it was made for somebody, and we are
 * nobody there. The headers are those of the answer, by their small names.
 */
export function freshFor(headers: Readonly<Record<string, string>>, now: number): number | null {
  const said = directivesOf(headers["cache-control"] ?? "");
  if (said.has("no-store") || said.has("private") || (headers["vary"] ?? "").split(",").some((name) => name.trim() === "*")) return null;
  if (said.has("no-cache") || (headers["pragma"] ?? "").toLowerCase().includes("no-cache")) return 0;
  const age = seconds(headers["age"]) ?? 0;
  const maxAge = seconds(said.get("max-age"));
  if (maxAge !== null) return within((maxAge - age) * 1_000);
  if (headers["expires"] !== undefined) {
    const date = Date.parse(headers["date"] ?? "");
    const expires = Date.parse(headers["expires"]);
    // A date that cannot be read has passed.
    return Number.isNaN(expires) ? 0 : within(expires - (Number.isNaN(date) ? now : date) - age * 1_000);
  }
  const modified = Date.parse(headers["last-modified"] ?? "");
  return Number.isNaN(modified) ? DEFAULT_FRESH_MS : Math.max(DEFAULT_FRESH_MS, within((now - modified) / 10));
}

const within = (ms: number): number => Math.min(MAX_FRESH_MS, Math.max(0, ms));

function directivesOf(text: string): Map<string, string> {
  return new Map(
    text
      .toLowerCase()
      .slice(0, 1_000)
      .split(",")
      .map((one) => {
        const [name = "", value = ""] = one.split("=", 2);
        return [name.trim(), value.trim().replaceAll('"', "")];
      }),
  );
}

/** null: no number of seconds. */
const seconds = (text: string | undefined): number | null => (text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : null);
