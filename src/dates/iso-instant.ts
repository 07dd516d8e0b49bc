import { isRealDay } from "./calendar.ts";
import { noSuchTime } from "./questions.ts";
import type { Span } from "./words.ts";
import { at, toInstant } from "./zone.ts";

const ISO =
  /(?<![\w.:/-])(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:t|\s+(?:at\s+)?)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?!\s*[ap]\.?m\b)\s*(?<offset>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?(?:\[[\w/+-]+\])?(?![\w:])/;
const COMPACT =
  /(?<![\w-])(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})t(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?(?<offset>z|[+-]\d{2}:?\d{2})?(?![\w:])/;

/**
 * Finds an ISO 8601 date with a time (RFC 3339, also with a space, without seconds or in the compact form). Its hours are of 24, never a
 * guess. Without an offset it is a time in the user's zone.
 */
export function findIsoInstant(text: string, timeZone: string): { at: number; span: Span } | { problem: string } | null {
  const match = ISO.exec(text) ?? COMPACT.exec(text);
  if (!match?.groups) return null;
  const { year, month, day, hour, minute, second, fraction, offset } = match.groups;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const [h, m, s] = [Number(hour), Number(minute), Number(second ?? 0)];
  const midnight = h === 24 && m === 0 && s === 0;
  if (!isRealDay(date) || (h > 23 && !midnight) || m > 59 || s > 59) return { problem: noSuchTime(match[0]) };
  const local = at(date, h, m, s, Math.floor(Number(`0.${fraction ?? "0"}`) * 1000));
  const span = { start: match.index, end: match.index + match[0].length };
  if (offset === undefined) return { at: toInstant(local, timeZone), span };
  const digits = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset);
  const minutes = digits ? (digits[1] === "-" ? -1 : 1) * (Number(digits[2]) * 60 + Number(digits[3] ?? 0)) : 0;
  if (Math.abs(minutes) > 18 * 60) return { problem: noSuchTime(match[0]) };
  return { at: toInstant(local, "UTC") - minutes * 60_000, span };
}
