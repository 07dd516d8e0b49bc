import { numberText } from "../xlsx/number-text.ts";

const PLAIN = { kind: "number", withTime: false, unit: "" } as const;

/**
 * What a cell says: dates are ISO 8601 and numbers have all their digits, as in what comes from Excel. `shown`: what the program shows, which is what counts for everything else: texts,
 * errors, numbers with more than digits.
 */
export function cellText(attributes: Readonly<Record<string, string>>, shown: string): string {
  const type = attributes["office:value-type"];
  const said = attributes["office:value"] ?? "";
  const value = said === "" ? Number.NaN : Number(said);
  if (type === "date") return dateText(attributes["office:date-value"] ?? "") ?? shown;
  if (type === "time") return timeText(attributes["office:time-value"] ?? "") ?? shown;
  if (type === "boolean") return attributes["office:boolean-value"] === "true" ? "TRUE" : "FALSE";
  // An error is a number that has none, or a text.
  if (/^(?:#|Err:)/u.test(shown) || (Number.isNaN(value) && shown !== "")) return shown;
  if (type === "percentage" && Number.isFinite(value)) return numberText(value, { ...PLAIN, kind: "percent" }, false);
  if (type === "currency" && Number.isFinite(value)) {
    const unit = /\p{Sc}/u.exec(shown)?.[0] ?? attributes["office:currency"]?.slice(0, 10) ?? "";
    return numberText(value, { ...PLAIN, unit }, false);
  }
  if (type === "float" && Number.isFinite(value)) return isNumber(shown) ? numberText(value, PLAIN, false) : shown;
  if (shown !== "") return shown;
  const formula = attributes["table:formula"] ?? "";
  return attributes["office:string-value"] ?? (formula === "" ? "" : formula.replace(/^\w{1,10}:(?==)/u, ""));
}

/** Whether what is shown is the number and nothing else: a unit, and zeros that make a number of an article, would be lost. */
const isNumber = (shown: string): boolean => shown === "" || /^[-−+(]?(?:[1-9][\d.,'’\s]*|0?[.,]\d+|0)(?:E[+-]?\d+)?\)?$/iu.test(shown);

/** `2026-01-02`, with its time where it has one. */
function dateText(value: string): string | null {
  const [, day, time] = /^(-?\d{4,5}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d))?(?:[.,]\d+)?Z?$/u.exec(value) ?? [];
  if (day === undefined) return null;
  return time === undefined || time === "00:00:00" ? day : `${day} ${time.replace(/:00$/u, "")}`;
}

/** `26:30` of `PT26H30M00S`: a time of day, or how long something takes. */
function timeText(value: string): string | null {
  const [, sign = "", hours, minutes = "0", seconds = "0"] =
    /^(-?)PT(\d{1,6})H(?:(\d{1,2})M)?(?:(\d{1,2})(?:[.,]\d+)?S)?$/u.exec(value) ?? [];
  if (hours === undefined) return null;
  const parts = Number(seconds) === 0 ? [hours, minutes] : [hours, minutes, seconds];
  return `${sign}${parts.map((part) => String(Number(part)).padStart(2, "0")).join(":")}`;
}
