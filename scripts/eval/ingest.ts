import { type ChildProcess, fork } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PARSE_LIMITS } from "../../src/knowledge/parsed.ts";
import type { Evaluation } from "./evaluation.ts";
import { ingestFile } from "./ingest/ingest-file.ts";
import type { IngestMessage } from "./ingest/message.ts";

const USAGE = "usage: npm run eval -- ingest DIR";
/** Milliseconds without a word, beyond the product's own limit, after which a file is given up. */
const SILENCE = PARSE_LIMITS.ms + 30_000;

/**
 * Documents as the product takes them in: parsed and cut into chunks, archives file by file. A line for each: `{ file, ok, type, pages, chars, chunks, ms, peak_bytes }` or
 * `{ file, ok: false, error: { code, message } }`. The parser runs in a process of its own, so that whatever a file does to it, the others are still read.
 */
export const ingest: Evaluation = {
  name: "ingest",
  description: "documents: DIR → a line for every file below it, { file, ok, type, pages, chars, chunks, ms, peak_bytes, error? }",
  async run(args) {
    const [directory] = args;
    const files = directory === undefined || args.length > 1 ? null : filesBelow(directory);
    if (directory === undefined || files === null) {
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
      return;
    }
    const parser = new ParserProcess();
    for (const file of files) await parser.ingest(file, relative(directory, file));
    parser.end();
  },
  /** A line is the path of one file; what an archive holds comes as a list. */
  async answer(line) {
    const found: object[] = [];
    await ingestFile(line, line, async (result) => void found.push(result));
    return found.length === 1 ? found[0] : found;
  },
};

/** Every file below a folder, sorted, links not followed; null: it is none. */
function filesBelow(directory: string): string[] | null {
  try {
    if (lstatSync(directory).isFile()) return [directory];
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
  } catch {
    return null;
  }
}

/** Waits while the reader of our output is slower than we are. */
const print = (value: object): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve())));

/** The process that parses, started anew when a file ended it. */
class ParserProcess {
  #child: ChildProcess | null = null;

  /** Prints the lines of one file. */
  async ingest(path: string, name: string): Promise<void> {
    const child = (this.#child ??= start());
    let printed: Promise<void> = Promise.resolve();
    const end = await new Promise<"done" | "crashed" | "hung">((resolve) => {
      let timer = setTimeout(() => resolve("hung"), SILENCE);
      const finish = (how: "done" | "crashed"): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(how);
      };
      child.on("message", (message: IngestMessage) => {
        if (message === null) return finish("done");
        timer.refresh();
        printed = printed.then(() => print(message));
      });
      child.on("error", () => finish("crashed"));
      child.on("exit", () => finish("crashed"));
      child.send({ path, name }, (error) => void (error && finish("crashed")));
    });
    await printed;
    if (end === "done") return;
    this.end();
    const message = end === "hung" ? "The parser did not come back." : "The parser's process ended.";
    await print({ file: name, ok: false, error: { code: end, message } });
  }

  end(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill("SIGKILL");
    this.#child = null;
  }
}

const start = (): ChildProcess =>
  fork(fileURLToPath(new URL("ingest/process.ts", import.meta.url)), [], {
    execArgv: ["--import", import.meta.resolve("tsx")],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
