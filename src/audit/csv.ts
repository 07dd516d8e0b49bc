import { AuditEntry } from "./entry.ts";

const COLUMNS = Object.keys(AuditEntry.shape) as (keyof AuditEntry)[];

/**
 * Entries as CSV (RFC 4180) with a header, instants as ISO 8601. A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV
 * Injection): much of it is what others wrote.
 */
export async function* auditCsv(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield `${COLUMNS.join(",")}\r\n`;
  for await (const entries of pages)
    yield entries.map((entry) => `${COLUMNS.map((column) => cell(column, entry[column])).join(",")}\r\n`).join("");
}

function cell(column: keyof AuditEntry, value: AuditEntry[keyof AuditEntry]): string {
  if (value === null) return "";
  if (typeof value === "number") return column === "at" ? new Date(value).toISOString() : String(value);
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
