/** How instants are shown: in the browser's zone and language, short. */
const DAY = 86_400_000;

/** A key of the local calendar day, such as `2026-11-21`. */
export function localDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whole local days from `now` to `at`: 0 today, 1 tomorrow, -1 yesterday. */
export function daysFrom(now: number, at: number): number {
  const midnight = (instant: number) => {
    const date = new Date(instant);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(at) - midnight(now)) / DAY);
}

export const clock = (at: number, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(at);

export const fullTime = (at: number, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(at);

/** `Today`, `Yesterday`, `Tomorrow`, a weekday within a week, else a date; with the year when it is another. */
export function dayName(now: number, at: number, locale?: string): string {
  const days = daysFrom(now, at);
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(locale, { weekday: "long" }).format(at);
  const sameYear = new Date(now).getFullYear() === new Date(at).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** A day in the middle of a sentence: `today`, `yesterday`, `tomorrow`, else `on 12 May`; with the year when it is another. */
export function onDay(now: number, at: number, locale?: string): string {
  const days = daysFrom(now, at);
  if (days === 0) return "today";
  if (days === -1) return "yesterday";
  if (days === 1) return "tomorrow";
  return `on ${shortDate(now, at, locale)}`;
}

/** `12 May`; with the year when it is another. */
export function shortDate(now: number, at: number, locale?: string): string {
  const sameYear = new Date(now).getFullYear() === new Date(at).getFullYear();
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(at);
}

export const browserTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
