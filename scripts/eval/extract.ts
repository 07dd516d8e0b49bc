import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { extractPage } from "../../src/extract/extract-page.ts";
import { decodeBody } from "../../src/html/decode-body.ts";
import type { Evaluation } from "./evaluation.ts";

const USAGE = "usage: npm run eval -- extract FILE|DIR";
/** Bytes that a compressed page may unpack to. */
const MAX_BYTES = 50_000_000;

interface Extracted {
  file: string;
  title: string;
  text: string;
}

/** The main text of saved pages, as the product finds it: a line for each HTML file (also `.gz`), `{ file, title, text }`, or `{ file, error }`. */
export const extract: Evaluation = {
  name: "extract",
  description: "main text of pages: FILE|DIR → a line for every HTML file below it (also .gz), { file, title, text }",
  async run(args) {
    const [path] = args;
    const files = path === undefined || args.length > 1 ? null : pagesBelow(path);
    if (path === undefined || files === null) {
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
      return;
    }
    for (const file of files) await print(extracted(file, relative(path, file) || basename(file)));
  },
  /** A line is the path of one file. */
  answer: (line) => extracted(line, line),
};

/** Every page below a folder, sorted, links not followed; null: there is nothing there. */
function pagesBelow(path: string): string[] | null {
  try {
    if (lstatSync(path).isFile()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() && PAGE.test(entry.name) ? [join(entry.parentPath, entry.name)] : [])).sort();
  } catch {
    return null;
  }
}

const PAGE = /\.x?html?(?:\.gz)?$/i;

function extracted(path: string, file: string): Extracted | { file: string; error: string } {
  try {
    const raw = readFileSync(path);
    const bytes = /\.gz$/i.test(path) ? gunzipSync(raw, { maxOutputLength: MAX_BYTES }) : raw;
    const page = extractPage(decodeBody(bytes, null, true));
    return { file, title: page.facts.title, text: page.text() };
  } catch (error) {
    return { file, error: error instanceof Error ? error.message : "cannot be read" };
  }
}

/** Waits while the reader of our output is slower than we are. */
const print = (value: object): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve())));
