/**
 * Checks an exported audit trail without the server: `npm run verify-audit -- FILE.json [ANCHOR.json …]`. The file is what `GET /api/v1/audit/export` gave, whole
 * (no filters); an anchor is a file of `u/<user>/audit/` in the bucket. Ends with 0 when nothing is wrong, 1 when something is, 2 when a file cannot be read.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Anchor } from "../src/audit/anchor.ts";
import { AuditEntry, verifyChain } from "../src/audit/entry.ts";
import { sha256Hex } from "../src/audit/hash.ts";

const [file, ...anchors] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("usage: npm run verify-audit -- FILE.json [ANCHOR.json …]\n");
  process.exit(2);
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : "cannot be read";
    process.stderr.write(`${path}: ${why}\n`);
    process.exit(2);
  }
}

const entries = await read(file, z.array(AuditEntry));
const { fault, head } = verifyChain(entries, sha256Hex);
const problems = fault === null ? [] : [`entry ${fault.seq}: ${fault.problem}`];
for (const path of anchors) {
  const anchor = await read(path, Anchor);
  const entry = entries.find(({ seq }) => seq === anchor.seq);
  if (entry?.hash !== anchor.hash) problems.push(`${path}: entry ${anchor.seq} is not the one that was written down outside`);
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(problems.length === 0 ? `${entries.length} entries, nothing is wrong. Head ${head.seq}: ${head.hash}\n` : "");
process.exitCode = problems.length === 0 ? 0 : 1;
