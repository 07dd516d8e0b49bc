import { z } from "zod";
import { FilePath, fileTool, marked } from "./file-tool.ts";

/** Characters of one answer, and lines. */
const PART = 20_000;
const LINES = 500;

/** Reads a file from a line on. Documents are read as text. */
export const readFile = fileTool({
  name: "read_file",
  version: 1,
  description: "Read one of the user's files",
  input: z.object({ path: FilePath, from: z.number().int().min(1).max(10_000_000).optional().describe("line") }),
  effect: "read",
  rare: true,
  // A long PDF takes its time.
  timeoutMs: 70_000,
  places: ({ path }) => [path],
  describe: ({ path }) => `Read ${path}`,
  async execute({ path, from = 1 }, { stores, signal }) {
    const { file, text, plain } = await stores.files.read(path, signal);
    const { part, last, total } = linesOf(text, from);
    const head = `${file.path}, ${total} ${total === 1 ? "line" : "lines"}, version ${file.version}${plain ? "" : ", its text alone"}`;
    const body =
      from > total
        ? `[There is no line ${from}.]`
        : last < total
          ? `${part}\n\n[Lines ${from} to ${last}. Go on with from: ${last + 1}]`
          : part;
    return { output: `${head}\n\n${body}`, summary: `Read ${file.path}`, ...marked(file) };
  },
});

/** As many whole lines as fit; a line that alone is too long is cut. */
function linesOf(text: string, from: number): { part: string; last: number; total: number } {
  const lines = text.split("\n");
  const total = lines.at(-1) === "" && lines.length > 1 ? lines.length - 1 : lines.length;
  const part: string[] = [];
  let size = 0;
  for (const line of lines.slice(from - 1, Math.min(total, from - 1 + LINES))) {
    size += line.length + 1;
    if (size > PART) {
      if (part.length === 0) part.push(`${line.slice(0, PART).toWellFormed()} [cut]`);
      break;
    }
    part.push(line);
  }
  return { part: part.join("\n"), last: from - 1 + part.length, total };
}
