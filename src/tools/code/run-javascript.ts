import { z } from "zod";
import { MargayError } from "../../errors.ts";
import type { CodeOutcome, WrittenFile } from "../../sandbox/code-run.ts";
import type { Tool, ToolOutput } from "../tool.ts";
import { CODE_RUN, type CodeStores } from "./code-stores.ts";

const MAX_TIMEOUT_S = 300;

const Input = z.object({
  code: z
    .string()
    .trim()
    .min(1)
    .max(200_000)
    .describe(
      "ES module body; last expression is the result. In scope: console, tools.<name>(input), files.readText/readBytes/list/write. Imports: csv (parse, stringify), xlsx (SheetJS), dates (DateTime), charts (svg(echartsOption)), png (await png(svg)), node:*, /outputs/x.js",
    ),
  timeout_s: z.number().int().min(1).max(MAX_TIMEOUT_S).optional(),
});

const File = z.object({ path: z.string(), written: z.string(), version: z.number(), before: z.number().nullable() });
const Receipt = z.object({ files: z.array(File).max(1_000) });

/** Runs a program at once: it works with data and files, and one run may call many tools. */
export const runJavascript: Tool<typeof Input, CodeStores> = {
  name: "run_javascript",
  version: 1,
  description: "Run JavaScript at once, without network: compute, work with files and data, call many tools in one go",
  input: Input,
  rare: true,
  capabilities: () => [CODE_RUN],
  effect: () => "write",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 60, perMs: 60_000 },
  // The code's own limit comes first; what it called may take its time.
  timeoutMs: (MAX_TIMEOUT_S + 120) * 1_000,
  // What it called before a crash is answered from the records, and it writes once.
  replay: "keyed",
  describe: ({ code }) => `Run ${code.split("\n").length === 1 ? "a line" : `${code.split("\n").length} lines`} of JavaScript`,
  async execute({ code, timeout_s = 60 }, { stores, idempotencyKey, marks = null, profile, turnId = null, tainted, signal, keep }) {
    const caller = { callId: idempotencyKey, marks, profile, turnId, tainted, signal, ...(keep === undefined ? {} : { keep }) };
    const outcome = await stores.code.run({ code, wallMs: timeout_s * 1_000 }, caller);
    return toolOutput(outcome);
  },
  async undo(receipt, { stores, tainted }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    const untrusted = tainted ? "written where content from outside was read" : null;
    const left: string[] = [];
    const restored: string[] = [];
    for (const file of parsed.data.files.toReversed()) {
      try {
        stores.code.takeBack(file, { author: "agent", untrusted, key: null });
        restored.push(file.path);
      } catch (error) {
        if (!(error instanceof MargayError)) throw error;
        left.push(file.path);
      }
    }
    if (restored.length === 0)
      throw new MargayError("conflict", "Every file that it wrote was changed or deleted since, so I left them as they are.");
    return {
      output: { restored, ...(left.length === 0 ? {} : { changed_since_and_left: left }) },
      summary: `Took back ${counted(restored)}${left.length === 0 ? "" : `, left ${counted(left)} as changed since`}`,
    };
  },
};

/** What is often tried, and how it is done here. */
const HINTS: readonly [tried: RegExp, hint: string][] = [
  [/^No such module/u, 'There are csv, xlsx, dates, charts, png, node:* and your files by path, as "/outputs/lib.js".'],
  [/no such file or directory/u, "Files are read with files.readText and files.readBytes, and written with files.write, not by node:fs."],
  [/^require is not defined/u, "It is an ES module: import … from."],
];

/** What an error says of other tools is for whoever writes the code. */
const TOLD_THE_AGENT = /; call tools\.\w+$/u;

const hintOf = (message: string): { hint?: string } => {
  const hint = HINTS.find(([tried]) => tried.test(message))?.[1];
  return hint === undefined ? {} : { hint };
};

/** What a model reads of a run, and a person in a line. */
export function toolOutput(outcome: CodeOutcome): ToolOutput {
  const { ended, error, logs, files, notWritten, waiting, value, cut, wallMs } = outcome;
  const wrote = files.map(({ path }) => path);
  const output = {
    ...(error === null ? { value } : { error: { ...error, ...(ended === "error" ? {} : { ended }), ...hintOf(error.message) } }),
    ...(cut ? { cut: "The value is longer than a result may be; this is its beginning. Write it to a file." } : {}),
    ...(logs.length === 0 ? {} : { logs }),
    ...(wrote.length === 0 ? {} : { files_written: wrote }),
    ...(notWritten.length === 0 ? {} : { not_written_since_it_failed: notWritten }),
    ...(waiting.length === 0
      ? {}
      : { waiting_for_approval: waiting, note: "Those are not done yet: the user is asked. Do not call them again." }),
  };
  const calls = outcome.calls === 0 ? "" : `, ${outcome.calls === 1 ? "1 call" : `${outcome.calls} calls`}`;
  const line = error?.line ?? null;
  const did =
    error === null
      ? "Ran code"
      : waiting.length > 0 && error.name === "WaitsForApproval"
        ? "Ran code, which ended where you are asked first"
        : `Ran code, which ended${line === null ? "" : ` at line ${line}`} with ${error.name}: ${error.message.replace(TOLD_THE_AGENT, "")}`;
  return {
    output,
    summary: `${did.slice(0, 300)} (${(wallMs / 1000).toFixed(1)} s${calls})${wrote.length === 0 ? "" : `, wrote ${counted(wrote)}`}`,
    // What waits for a person ends the code too where it does not catch that, and is no failure.
    failed: error !== null && waiting.length === 0,
    ...(files.length === 0 ? {} : { receipt: { files } satisfies { files: WrittenFile[] } }),
    ...(outcome.untrusted === null ? {} : { untrusted: outcome.untrusted }),
    links: outcome.links,
    suspicious: outcome.suspicious,
    usedGiven: outcome.usedGiven,
  };
}

const counted = (paths: readonly string[]): string => (paths.length === 1 ? (paths[0] ?? "") : `${paths.length} files`);
