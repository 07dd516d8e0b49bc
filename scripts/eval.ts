/**
 * Runs the product's own code on files from outside: `npm run eval -- NAME [--OPTION VALUE…] FILE…`. Every line of a file is one case (JSON, or what the
 * evaluation takes), every line printed is one answer (JSON), in the same order. A line that cannot be read is answered with `{ id, error }`.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { readArguments } from "./eval/arguments.ts";
import type { Evaluation } from "./eval/evaluation.ts";
import { evaluations } from "./eval/registry.ts";

// Whoever reads our lines may have enough of them.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const runner = evaluations.find((one) => one.name === process.argv[2]);
if (runner?.run) {
  await runner.run(process.argv.slice(3));
  process.exit();
}

const { name, files, options } = readArguments(process.argv.slice(2));

/** null: there is no such evaluation, or it does not take these options. */
function chosen(): Evaluation | null {
  const found = evaluations.find((one) => one.name === name);
  if (!found || options.length === 0) return found ?? null;
  try {
    return found.configure?.(options) ?? null;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

const evaluation = chosen();
if (!evaluation || files.length === 0) {
  const lines = ["usage: npm run eval -- NAME FILE…", "", ...evaluations.map((one) => `  ${one.name.padEnd(12)} ${one.description}`)];
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exit(2);
}

/** Waits while the reader of our output is slower than we are. */
const print = (value: unknown): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve())));

let failed = false;
for (const file of files) {
  try {
    for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
      if (line.trim() !== "") await print(await evaluation.answer(line.replace(/^\uFEFF/, "")));
    }
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : "cannot be read"}\n`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;
