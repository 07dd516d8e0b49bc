import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ApprovalView } from "../../src/channels/approval-view.ts";

const ROOT = join(import.meta.dirname, "../..");

const Answer = z.object({
  id: z.union([z.string(), z.number()]).nullable(),
  error: z.string().optional(),
  calls: z
    .array(
      z.object({
        tool: z.string(),
        input: z.unknown(),
        outcome: z.enum(["executed", "asked", "denied"]),
        reason: z.string(),
        shown: ApprovalView.extend({ card: z.string(), details: z.string() }).nullable(),
      }),
    )
    .default([]),
  asked: z.number().default(0),
  executed: z.number().default(0),
  denied: z.number().default(0),
  tainted: z.boolean().default(false),
  reply: z.string().default(""),
  ignored_grants: z.array(z.unknown()).default([]),
});
export type GateAnswer = z.output<typeof Answer>;

/** Runs `npm run eval -- gate` on these lines, in a process of its own: what is tested is what people run. Gives an answer a line, in order. */
export async function runGate(lines: readonly unknown[]): Promise<GateAnswer[]> {
  const directory = mkdtempSync(join(tmpdir(), "margay-gate-"));
  try {
    const file = join(directory, "cases.jsonl");
    writeFileSync(file, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, "node_modules/tsx/dist/cli.mjs"), "scripts/eval.ts", "gate", file],
      { cwd: ROOT, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
    );
    return stdout
      .trim()
      .split("\n")
      .map((line) => Answer.parse(JSON.parse(line)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
