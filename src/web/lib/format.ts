/** Dollars from millionths: enough digits to tell small amounts apart. Null: the price is not known. */
export function dollars(microUsd: number | null): string {
  if (microUsd === null) return "price unknown";
  const usd = microUsd / 1_000_000;
  if (usd === 0) return "$0.00";
  if (usd < 0.000_1) return "< $0.0001";
  if (usd < 0.1) return `$${usd.toFixed(4)}`;
  return `$${usd.toFixed(2)}`;
}

/** A count for people: `987`, `12.3k`, `4.5M`. */
export function compact(count: number): string {
  if (count < 1000) return String(count);
  const scaled = (value: number) => value.toFixed(value < 99.95 ? 1 : 0).replace(/\.0$/u, "");
  return count < 999_500 ? `${scaled(count / 1000)}k` : `${scaled(count / 1_000_000)}M`;
}

/** A whole count with its thousands apart: `1,204`. */
export const whole = (count: number, locale?: string): string => new Intl.NumberFormat(locale).format(count);

/** How much of the input was read from the provider's cache: `45%`; `under 1%` for what rounds to nothing. */
export function cachedShare({
  input_tokens: input,
  cached_input_tokens: cached,
}: {
  input_tokens: number;
  cached_input_tokens: number;
}): string {
  if (input <= 0 || cached <= 0) return "0%";
  const share = Math.min(100, Math.round((cached / input) * 100));
  return share === 0 ? "under 1%" : `${share}%`;
}

/** Bytes for people. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}

/** `1 call`, `2 calls`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Words of ours that begin with a small letter, as a sentence of its own. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A longest line that is shown whole. */
const LINE = 160;

/** A title that is the cut beginning of a text, as all of it where that is a line. */
export function uncut(title: string, text: string): string {
  const words = text.trim();
  const cut = title.endsWith("…") && words.startsWith(title.slice(0, -1).trimEnd());
  return cut && words.length <= LINE && !words.includes("\n") ? words : title;
}
