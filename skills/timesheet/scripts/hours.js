import * as XLSX from "xlsx";

/**
 * Adds working times up and writes them as a workbook and as CSV. Everything is counted in whole minutes.
 * args: { title, entries: [{ date, start, end, break? } | { date, hours }, each with project? and note?], round?, rates?, currency? }
 */
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const DAY = 1_440;
const LONG = 12 * 60;

const isList = (value) => Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);
const two = (value) => String(value).padStart(2, "0");
const clock = (minutes) => `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;

/** Days since 1970; null: no date. */
function dayOf(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(text))) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at / 86_400_000;
}

/** Minutes since midnight; null: no time of day. */
function timeOf(text) {
  const match = /^(\d{1,2}):(\d{2})$/.exec(String(text));
  const minutes = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2]);
  return match !== null && Number(match[2]) < 60 && minutes <= DAY ? minutes : null;
}

/** Minutes of "7.5" or "7:30"; null: neither. */
function lengthOf(value) {
  const text = String(value);
  if (text.includes(":")) return timeOf(text);
  return /^\d{1,2}(?:\.\d{1,4})?$/.test(text) && Number(text) <= 24 ? Math.round(Number(text) * 60) : null;
}

/** Monday's date of the week of a day. */
const weekOf = (day) => new Date((day - ((day + 3) % 7)) * 86_400_000).toISOString().slice(0, 10);

function readEntry(entry, number, round) {
  const day = dayOf(entry?.date);
  if (day === null) return { problem: `Entry ${number}: "${entry?.date}" is no date like 2026-11-27.` };
  const common = { number, day, date: entry.date, project: String(entry.project ?? "").trim(), note: String(entry.note ?? "").trim() };
  if (entry.hours !== undefined) {
    const minutes = lengthOf(entry.hours);
    if (minutes === null || minutes === 0) return { problem: `Entry ${number}: "${entry.hours}" is no length like 7.5 or 7:30.` };
    return { ...common, from: null, to: null, pause: 0, minutes: rounded(minutes, round) };
  }
  const [from, to] = [timeOf(entry.start), timeOf(entry.end)];
  if (from === null || to === null) return { problem: `Entry ${number} needs start and end as HH:MM, or hours.` };
  const pause = Number(entry.break ?? 0);
  const length = to > from ? to - from : to + DAY - from;
  if (from === to) return { problem: `Entry ${number} begins and ends at the same time.` };
  if (!Number.isInteger(pause) || pause < 0) return { problem: `Entry ${number}: "${entry.break}" is no break in minutes, like 30.` };
  if (pause >= length) return { problem: `Entry ${number}: a break of ${entry.break} minutes does not fit into ${clock(length)}.` };
  return { ...common, from, to: from + length, pause, minutes: rounded(length - pause, round) };
}

const rounded = (minutes, step) => (step > 1 ? Math.round(minutes / step) * step : minutes);

function overlaps(entries) {
  const timed = entries.filter(({ from }) => from !== null).map((entry) => ({ ...entry, at: entry.day * DAY + entry.from }));
  timed.sort((a, b) => a.at - b.at);
  const found = [];
  let last = null;
  for (const entry of timed) {
    if (last !== null && entry.at < last.at + last.to - last.from)
      found.push(`Entries ${last.number} and ${entry.number} overlap on ${entry.date}.`);
    if (last === null || entry.at + entry.to - entry.from > last.at + last.to - last.from) last = entry;
  }
  return found;
}

/** Cents of an hour's rate; null: no amount. */
const centsOf = (value) => (/^\d{1,6}(?:\.\d{1,2})?$/.test(String(value)) ? Math.round(Number(value) * 100) : null);
const money = (cents) => (cents / 100).toFixed(2);

function sum(entries, key) {
  const sums = new Map();
  for (const entry of entries) sums.set(key(entry), (sums.get(key(entry)) ?? 0) + entry.minutes);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A cell of CSV: quoted where it must be, and never a formula. */
function csvCell(value) {
  const text = typeof value === "number" ? String(value) : String(value).replace(/^[\s]*[=+\-@|]/, "'$&");
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Days from the end of 1899, where workbooks begin to count, to 1970. */
const TO_1970 = 25_569;

/** A cell of a workbook: days, lengths and amounts are numbers there, and everything else is text. */
function bookCell(value, column) {
  if (value === "") return null;
  if (typeof value === "number") return { t: "n", v: value };
  const day = column === 0 ? dayOf(value) : null;
  if (day !== null) return { t: "n", v: day + TO_1970, z: "yyyy-mm-dd" };
  const length = column === 6 ? /^(\d+):(\d\d)$/.exec(value) : null;
  if (length !== null) return { t: "n", v: (Number(length[1]) * 60 + Number(length[2])) / DAY, z: "[h]:mm" };
  return column === 9 && /^\d/.test(value) ? { t: "n", v: Number(value), z: "0.00" } : { t: "s", v: value };
}

/** The rows as a workbook that opens in every spreadsheet, whatever it takes for a comma. */
function workbook(rows, name, widths) {
  const sheet = XLSX.utils.aoa_to_sheet(rows.map((row) => row.map(bookCell)));
  sheet["!cols"] = widths.map((wch) => ({ wch }));
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, sheet, name);
  return XLSX.write(book, { type: "array", bookType: "xlsx", compression: true });
}

/** The title as the name of a file: letters of any script, so that two titles are not one file; Latin ones without accents. */
const slug = (title) =>
  String(title)
    .normalize("NFKD")
    .replaceAll(/([a-z])[\u0300-\u036F]+/gi, "$1")
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^(.{60}).*$/u, "$1")
    .replaceAll(/^-|-$/g, "") || "timesheet";

const hoursOf = (minutes) => Number((minutes / 60).toFixed(2));

async function timesheet({ title = "Timesheet", entries = [], round = 1, rates = {}, currency = "" }) {
  if (!isList(entries)) return { problems: ["entries must be a list of entries."] };
  const read = entries.map((entry, index) => readEntry(entry, index + 1, round));
  const problems = read.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  if (entries.length === 0) problems.push("There are no entries.");
  const cents = Object.fromEntries(Object.entries(rates).map(([project, rate]) => [project, centsOf(rate)]));
  for (const [project, rate] of Object.entries(cents)) if (rate === null) problems.push(`The rate of ${project} is no amount like 80.00.`);
  if (problems.length > 0) return { problems };

  const billed = Object.keys(cents).length > 0;
  const work = read.toSorted((a, b) => a.day - b.day || (a.from ?? 0) - (b.from ?? 0));
  const days = sum(work, ({ date }) => date);
  const warnings = overlaps(work);
  for (const [date, minutes] of days) if (minutes > LONG) warnings.push(`${date} has ${clock(minutes)} hours.`);
  const projects = sum(work, ({ project }) => project || "(no project)").map(([project, minutes]) => {
    const rate = cents[project];
    if (rate === undefined) {
      if (billed) warnings.push(`There is no rate for ${project}.`);
      return { project, time: clock(minutes), hours: hoursOf(minutes) };
    }
    return { project, time: clock(minutes), hours: hoursOf(minutes), amount: money(Math.round((minutes * rate) / 60)), currency };
  });
  const minutes = work.reduce((all, entry) => all + entry.minutes, 0);
  const amount = projects.reduce((all, one) => all + Math.round(Number(one.amount ?? 0) * 100), 0);

  const rows = [
    ["Date", "Day", "Start", "End", "Break (min)", "Project", "Time", "Hours", "Note", ...(billed ? [`Amount ${currency}`.trim()] : [])],
  ];
  for (const { date, day, from, to, pause, project, minutes: worked, note } of work)
    rows.push([
      date,
      WEEKDAYS[(day + 4) % 7],
      from === null ? "" : clock(from).padStart(5, "0"),
      to === null ? "" : clock(to % DAY).padStart(5, "0"),
      pause,
      project,
      clock(worked),
      hoursOf(worked),
      note,
      ...(billed ? [""] : []),
    ]);
  // An amount is that of all hours of a project: those of its lines, each rounded, would come to another sum.
  if (billed)
    for (const { project, time, hours, amount: own = "" } of projects)
      rows.push(["Project", "", "", "", "", project, time, hours, "", own]);
  rows.push(["Total", "", "", "", "", "", clock(minutes), hoursOf(minutes), "", ...(billed ? [money(amount)] : [])]);
  const name = `/outputs/timesheets/${slug(title)}`;
  await files.write(`${name}.xlsx`, workbook(rows, "Timesheet", [11, 5, 6, 6, 11, 16, 8, 7, 30, 12]));
  await files.write(`${name}.csv`, `${rows.map((row) => row.map(csvCell).join(",")).join("\n")}\n`);

  return {
    file: `${name}.xlsx`,
    csv: `${name}.csv`,
    entries: work.length,
    days: days.map(([date, worked]) => ({ date, time: clock(worked), hours: hoursOf(worked) })),
    weeks: sum(work, ({ day }) => weekOf(day)).map(([monday, worked]) => ({
      week_of: monday,
      time: clock(worked),
      hours: hoursOf(worked),
    })),
    projects,
    total: { time: clock(minutes), hours: hoursOf(minutes), ...(billed ? { amount: money(amount), currency } : {}) },
    warnings,
  };
}

await timesheet(args);
