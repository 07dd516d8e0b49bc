/** A moment's calendar day and month in a time zone, as `YYYY-MM-DD` and `YYYY-MM`. */
export interface LocalDay {
  day: string;
  month: string;
}

/** Formatters are costly to make (about 50 µs) and hold nothing of a user but the name of a zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATTERS = 500;

/** `at` is UTC milliseconds, `timeZone` an IANA name; an unknown zone counts as UTC. */
export function localDay(at: number, timeZone: string): LocalDay {
  const parts = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const month = `${parts["year"] ?? ""}-${parts["month"] ?? ""}`;
  return { day: `${month}-${parts["day"] ?? ""}`, month };
}

/** The day that lies `days` before `day`, by the calendar. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  } catch (error) {
    if (error instanceof RangeError && timeZone !== "UTC") return formatterOf("UTC");
    throw error;
  }
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}
