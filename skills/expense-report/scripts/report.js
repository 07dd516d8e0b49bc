import * as XLSX from "xlsx";

/**
 * Checks expenses, adds them up and writes them as a workbook and as CSV. Amounts are counted in thousandths as whole numbers, so that no cent is lost.
 * args: { title, home, items: [{ date, merchant, amount, currency, category?, tax?, receipt?, note? }], rates?, from?, to? }
 */
const THOUSANDTHS = 1_000n;
const MILLIONTHS = 1_000_000n;

const isList = (value) => Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);

/** A decimal text as a whole number of its smallest parts; null: it is none. */
function decimal(value, digits) {
  const match = /^(-?)(\d{1,9})(?:\.(\d+))?$/.exec(String(value ?? "").trim());
  if (match === null || (match[3] ?? "").length > digits) return null;
  const whole = BigInt(match[2] + (match[3] ?? "").padEnd(digits, "0"));
  return match[1] === "-" ? -whole : whole;
}

/** Thousandths as text: two places, or three where there are. */
function money(thousandths) {
  const size = thousandths < 0n ? -thousandths : thousandths;
  const part = String(size % THOUSANDTHS).padStart(3, "0");
  return `${thousandths < 0n ? "-" : ""}${size / THOUSANDTHS}.${part.endsWith("0") ? part.slice(0, 2) : part}`;
}

/** In the home currency, to the cent; halves go up, as in every shop. */
function converted(thousandths, rate) {
  const size = thousandths < 0n ? -thousandths : thousandths;
  const unit = MILLIONTHS * 10n;
  const cents = (size * rate + unit / 2n) / unit;
  return (thousandths < 0n ? -cents : cents) * 10n;
}

function isDate(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(text))) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

function readItem(item, number) {
  const problems = [];
  if (!isDate(item?.date)) problems.push(`Item ${number}: "${item?.date}" is no date like 2026-11-27.`);
  const amount = decimal(item?.amount, 3);
  if (amount === null) problems.push(`Item ${number}: "${item?.amount}" is no amount like 1234.50.`);
  const currency = String(item?.currency ?? "").toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) problems.push(`Item ${number} has no currency of three letters.`);
  const tax = item?.tax === undefined || item.tax === "" ? null : decimal(item.tax, 3);
  if (tax === null && item?.tax !== undefined && item.tax !== "") problems.push(`Item ${number}: "${item.tax}" is no amount of tax.`);
  const text = (value) => String(value ?? "").trim();
  const merchant = text(item?.merchant);
  if (merchant === "") problems.push(`Item ${number} has no merchant.`);
  const category = text(item?.category).toLowerCase() || "other";
  return {
    problems,
    number,
    date: item?.date,
    merchant,
    category,
    amount,
    currency,
    tax,
    receipt: text(item?.receipt),
    note: text(item?.note),
  };
}

function warningsOf(items, { from, to }) {
  const warnings = [];
  const seen = new Map();
  for (const { number, date, merchant, amount, currency, tax, receipt } of items) {
    const key = JSON.stringify([date, merchant.toLowerCase(), String(amount), currency]);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, number);
    else warnings.push(`Items ${before} and ${number} look like the same receipt (${merchant}, ${date}, ${money(amount)} ${currency}).`);
    if ((from !== undefined && date < from) || (to !== undefined && date > to))
      warnings.push(`Item ${number} (${date}) is outside the days of the report.`);
    if (tax !== null && amount >= 0n && tax > amount) warnings.push(`Item ${number} has more tax than its amount.`);
    if (receipt === "") warnings.push(`Item ${number} (${merchant}) has no receipt.`);
  }
  return warnings;
}

function sums(items, key, amount) {
  const found = new Map();
  for (const item of items) found.set(key(item), (found.get(key(item)) ?? 0n) + amount(item));
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, money(value)]));
}

/** A cell of CSV, an amount in thousandths or a text: quoted where it must be, and never a formula, whatever a receipt says. */
function csvCell(value) {
  const text = typeof value === "bigint" ? money(value) : value.replace(/^[\s]*[=+\-@|]/, "'$&");
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The days since the end of 1899, as workbooks count them. */
const serial = (date) => (Date.parse(`${date}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;

/** A cell of a workbook: amounts are numbers there, days are days, and everything else is text. */
function bookCell(value) {
  if (value === "") return null;
  if (typeof value === "bigint") return { t: "n", v: Number(value) / 1000, z: value % 10n === 0n ? "0.00" : "0.000" };
  return isDate(value) ? { t: "n", v: serial(value), z: "yyyy-mm-dd" } : { t: "s", v: value };
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
    .replaceAll(/^-|-$/g, "") || "expenses";

async function report({ title = "Expenses", home, items = [], rates = {}, from, to }) {
  if (!isList(items)) return { problems: ["items must be a list of items."] };
  const read = items.map((item, index) => readItem(item, index + 1));
  const problems = read.flatMap((item) => item.problems);
  if (items.length === 0) problems.push("There are no items.");
  const paid = String(home ?? "").toUpperCase();
  if (!/^[A-Z]{3}$/.test(paid)) problems.push("Say the home currency in three letters.");
  const rate = { [paid]: MILLIONTHS };
  for (const [currency, value] of Object.entries(rates)) {
    const parsed = decimal(value, 6);
    if (parsed === null || parsed <= 0n) problems.push(`The rate of ${currency} is no number like 0.92.`);
    else if (currency.toUpperCase() !== paid) rate[currency.toUpperCase()] = parsed;
  }
  if (problems.length > 0) return { problems };

  const list = read
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.number - b.number))
    .map((item) => ({ ...item, home: rate[item.currency] === undefined ? null : converted(item.amount, rate[item.currency]) }));
  const warnings = warningsOf(list, { from, to });
  const open = [...new Set(list.filter((item) => item.home === null).map(({ currency }) => currency))];
  for (const currency of open) warnings.push(`There is no rate for ${currency}: its items are not in the total.`);
  const counted = list.filter((item) => item.home !== null);
  const total = counted.reduce((all, item) => all + item.home, 0n);

  const rows = [["Date", "Merchant", "Category", "Amount", "Currency", `Amount ${paid}`, "Tax", "Receipt", "Note"]];
  for (const { date, merchant, category, amount, currency, home: own, tax, receipt, note } of list)
    rows.push([date, merchant, category, amount, currency, own ?? "", tax ?? "", receipt, note]);
  rows.push(["Total", "", "", "", "", total, "", "", open.length === 0 ? "" : `without ${open.join(" ")}`]);
  const name = `/outputs/expenses/${slug(title)}`;
  await files.write(`${name}.xlsx`, workbook(rows, "Expenses", [11, 24, 12, 10, 9, 12, 8, 24, 24]));
  await files.write(`${name}.csv`, `${rows.map((row) => row.map(csvCell).join(",")).join("\n")}\n`);

  return {
    file: `${name}.xlsx`,
    csv: `${name}.csv`,
    items: list.length,
    total: `${money(total)} ${paid}`,
    by_category: sums(
      counted,
      ({ category }) => category,
      (item) => item.home,
    ),
    by_currency: sums(
      list,
      ({ currency }) => currency,
      ({ amount }) => amount,
    ),
    tax_by_currency: sums(
      list.filter(({ tax }) => tax !== null),
      ({ currency }) => currency,
      ({ tax }) => tax,
    ),
    warnings,
  };
}

await report(args);
