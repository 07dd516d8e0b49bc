/**
 * `npm run import -- PATH`: brings along what you have elsewhere: an OpenClaw workspace, a data export of ChatGPT or Claude, a folder of Markdown. Shows what it found and what it will do, asks, does
 * it, and reports.
 *
 * Exit codes: 0 done, or not wanted · 1 anything else, with a sentence.
 */
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import type { z } from "zod";
import { FileRef } from "../src/channels/message.ts";
import { ImportPlan, ImportReport } from "../src/import/shapes.ts";
import { call, connect, EXIT, Failure, plain, refused, type Server } from "./api/server.ts";
import { gather } from "./import/gather.ts";
import { planText, reportText } from "./import/words.ts";

const HELP = `Usage: npm run import -- [options] PATH

PATH is a folder, a zip or a file:
  an OpenClaw workspace       the folder with SOUL.md and MEMORY.md (~/.openclaw/workspace)
  a ChatGPT or Claude export  the zip you were sent, or its conversations.json
  a folder of Markdown        such as an Obsidian vault

  --url URL   the Margay to bring it to (MARGAY_URL, else http://localhost:8787)
  --key KEY   your API key (MARGAY_KEY). Not needed for \`npm start\` on this machine.
  --yes       do not ask
  --help      this text

Only text leaves this machine. Doing it twice adds nothing.
`;

const POLL_MS = 500;
/** How often in a row the report may not be had. */
const MAX_MISSED = 20;

const out = (text: string): void => void process.stdout.write(text);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

async function ask<T>(server: Server, shape: z.ZodType<T>, path: string, init: RequestInit = {}): Promise<T> {
  const response = await call(server, path, init);
  if (!response.ok) throw await refused(response);
  const parsed = shape.safeParse(await response.json().catch(() => null));
  if (!parsed.success)
    throw new Failure("The server answered with something else than was asked for. Is it as new as this script?", EXIT.server);
  return parsed.data;
}

async function agreed(): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question("Import this? [y/N] "), closed]);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Runs it, and looks how it stands until it is over. A server that is away for a moment loses nothing. */
async function run(server: Server, id: string): Promise<ImportReport> {
  const path = `/api/v1/imports/${encodeURIComponent(id)}`;
  let report = await ask(server, ImportReport, `${path}/run`, { method: "POST" });
  let missed = 0;
  while (report.status === "running") {
    if (process.stderr.isTTY) process.stderr.write(`\r${Math.floor(report.progress * 100)} % `);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    try {
      report = await ask(server, ImportReport, path);
      missed = 0;
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode === EXIT.key || ++missed > MAX_MISSED) throw error;
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
  return report;
}

async function main(): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { url: { type: "string" }, key: { type: "string" }, yes: { type: "boolean" }, help: { type: "boolean" } },
    });
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : "Wrong usage."}\n\n${HELP}`, EXIT.usage);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    out(HELP);
    return EXIT.done;
  }
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Failure(`Name one folder or file to import.\n\n${HELP}`, EXIT.usage);
  const { name, mime, bytes, left } = gather(path);
  const server = await connect(values);
  const file = await ask(server, FileRef, "/api/v1/files", {
    method: "POST",
    headers: { "content-type": mime, "x-file-name": encodeURIComponent(name) },
    body: bytes.slice(),
  });
  const plan = await ask(server, ImportPlan, "/api/v1/imports", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key: file.key, name }),
  });
  out(plain(planText(plan)));
  if (left > 0) out(`${left} other files stay on this machine.\n`);
  if (!values.yes && !(await agreed())) {
    note("Nothing was imported.");
    return EXIT.done;
  }
  const report = await run(server, plan.id);
  out(plain(reportText(report)));
  return report.status === "done" ? EXIT.done : EXIT.failed;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  note(error.message);
  process.exitCode = EXIT.failed;
}
