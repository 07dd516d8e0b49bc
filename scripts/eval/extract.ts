import { readdirSync, readFileSync, statSync } from "node:fs";
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
    try {
      if (path === undefined || args.length > 1) throw new Error("Name one file or folder.");
      const pages = pagesBelow(path);
      if (pages.length === 0) process.stderr.write(`There is no HTML file below ${path}.\n`);
      for (const { path: file, error } of pages) {
        const name = relative(path, file) || basename(file);
        await print(error === undefined ? extracted(file, name) : { file: name, error });
      }
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n${USAGE}\n`);
      process.exitCode = 2;
    }
  },
  /** A line is the path of one file. */
  answer: (line) => extracted(line, line),
};

/** A page, or a folder that cannot be looked into. */
interface Page {
  path: string;
  error?: string;
}

/** Every page below a folder, sorted, links not followed; a path that is none leads to itself. Throws where there is nothing. */
export function pagesBelow(path: string): Page[] {
  if (!statSync(path).isDirectory()) return [{ path }];
  return below(path).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function below(folder: string): Page[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(path);
      return entry.isFile() && PAGE.test(entry.name) ? [{ path }] : [];
    });
  } catch (error) {
    return [{ path: folder, error: messageOf(error) }];
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
    return { file, error: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "cannot be read");

/** Waits while the reader of our output is slower than we are. */
const print = (value: object): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve())));
