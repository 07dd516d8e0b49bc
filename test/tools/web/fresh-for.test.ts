import { expect, test } from "vitest";
import { DEFAULT_FRESH_MS, freshFor, MAX_FRESH_MS } from "../../../src/tools/web/fresh-for.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const at = (ms: number): string => new Date(NOW + ms).toUTCString();

test.each<[string, Record<string, string>, number | null]>([
  ["nothing said", {}, DEFAULT_FRESH_MS],
  ["no-store", { "cache-control": "max-age=60, No-Store" }, null],
  ["private", { "cache-control": "private, max-age=600" }, null],
  ["vary by everything", { "cache-control": "max-age=60", vary: "accept, *" }, null],
  ["no-cache", { "cache-control": "no-cache" }, 0],
  ["pragma", { pragma: "no-cache" }, 0],
  ["max-age", { "cache-control": 'public, max-age="60"' }, 60_000],
  ["max-age, some of it gone", { "cache-control": "max-age=60", age: "50" }, 10_000],
  ["max-age, all of it gone", { "cache-control": "max-age=60", age: "100" }, 0],
  ["a year", { "cache-control": "max-age=31536000" }, MAX_FRESH_MS],
  ["max-age before Expires", { "cache-control": "max-age=60", expires: at(600_000) }, 60_000],
  ["Expires by the server's clock", { expires: at(90_000), date: at(60_000) }, 30_000],
  ["Expires that is no date", { expires: "0" }, 0],
  ["changed long ago", { "last-modified": at(-86_400_000 * 30) }, MAX_FRESH_MS],
  ["changed just now", { "last-modified": at(-1_000) }, DEFAULT_FRESH_MS],
  ["nonsense", { "cache-control": "max-age=-1, =, ,,max-age", "last-modified": "x" }, DEFAULT_FRESH_MS],
])("freshFor(): %s", (_what, headers, ms) => {
  expect(freshFor(headers, NOW)).toBe(ms);
});
