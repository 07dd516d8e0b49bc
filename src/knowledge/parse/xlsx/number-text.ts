import type { NumberFormat } from "./formats.ts";

const DAY_MS = 86_400_000;
/** The last day that Excel knows, in the year 9999. */
const LAST_DAY = 2_958_465;

/** A number as a person reads it: `1234.5 €`, `12.5%`, `2026-11-27 14:30`. Dates are days since the end of 1899 (or 1904), their fraction is the time. */
export function numberText(value: number, { kind, withTime, unit }: NumberFormat, from1904: boolean): string {
  if (kind === "percent") return `${plain(value * 100)}%`;
  if (kind === "duration") return durationText(value);
  if ((kind === "date" || kind === "time") && value >= 0 && value <= LAST_DAY) {
    const at = instant(value, from1904);
    const [day = "", time = ""] = at
      .toISOString()
      .replace(/(?::00)?\.\d+Z$/u, "")
      .split("T");
    if (kind === "time") return time;
    return withTime ? `${day} ${time}` : day;
  }
  return unit === "" ? plain(value) : `${plain(value)} ${unit}`;
}

function instant(days: number, from1904: boolean): Date {
  // Excel takes 1900 for a leap year, which it was not: before its 1 March all days are one off.
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  return new Date(start + Math.round((days * DAY_MS) / 1000) * 1000);
}

/** Without what binary fractions add: 15 digits are as many as Excel keeps. */
const plain = (value: number): string => String(Number(value.toPrecision(15)));

/** `26:30`, hours and minutes that may be more than a day. */
function durationText(days: number): string {
  const seconds = Math.round(Math.abs(days) * 86_400);
  const two = (number: number): string => String(number).padStart(2, "0");
  const rest = seconds % 60 === 0 ? "" : `:${two(seconds % 60)}`;
  return `${days < 0 ? "-" : ""}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}${rest}`;
}
