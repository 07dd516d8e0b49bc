import { z } from "zod";
import { DOES_ALSO } from "../../sandbox/linux/file-rules.ts";
import { WITHOUT_LINUX } from "../../sandbox/linux/linux-sessions.ts";
import type { SandboxCommand } from "../../sandbox/linux/linux-sandbox.ts";
import type { SyncReport } from "../../sandbox/linux/sync-report.ts";
import { MargayError } from "../../errors.ts";
import { FILES_READ, FILES_WRITE } from "../files/files-port.ts";
import type { Effect, Tool, ToolContext, ToolOutput } from "../tool.ts";
import { type LinuxStores, SHELL_RUN } from "./linux-port.ts";
import { outputOf, summaryOf } from "./linux-output.ts";

/** Seconds a command may take, and takes where nothing is said. */
export const Timeout = z.number().int().min(1).max(600).optional();
export const DEFAULT_TIMEOUT_S = 120;
export const Paths = z.array(z.string().min(1).max(1_024)).min(1).max(100).optional().describe("only these files and folders go in");
/** The command's longest time, and what bringing files in and out takes. */
const TIMEOUT_MS = 600_000 + 180_000;

const Receipt = z.object({
  written: z.array(z.object({ path: z.string(), id: z.string(), version: z.number(), before: z.number().nullable() })).max(10_000),
  deleted: z.array(z.object({ path: z.string(), id: z.string() })).max(10_000),
});

interface LinuxToolSpec<Input extends z.ZodType> {
  name: string;
  version: number;
  description: string;
  input: Input;
  /** What it needs beside a Linux and the user's files. */
  capabilities?(input: z.output<Input>): string[];
  effect?(input: z.output<Input>): Effect;
  destinations?(input: z.output<Input>): string[];
  asksIfTainted?(input: z.output<Input>): string | null;
  standing?: Tool<Input, LinuxStores>["standing"];
  /** One line for a person: what the call would do. */
  describe(input: z.output<Input>): string;
  command(input: z.output<Input>): SandboxCommand;
  paths(input: z.output<Input>): readonly string[] | null;
  /** What the command hears from the network; null: it has none. */
  hears?(input: z.output<Input>): string | null;
}

/** A tool that runs something in the Linux of its task or conversation: the user's files go in before and come back after, and what they became can be taken back. */
export function linuxTool<Input extends z.ZodType>(spec: LinuxToolSpec<Input>): Tool<Input, LinuxStores> {
  const { asksIfTainted } = spec;
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description,
    input: spec.input,
    rare: true,
    ...(spec.standing ? { standing: spec.standing } : {}),
    capabilities: (input) => [SHELL_RUN, FILES_READ, FILES_WRITE, ...(spec.capabilities?.(input) ?? [])],
    effect: (input) => spec.effect?.(input) ?? "write",
    doesAlso: DOES_ALSO,
    ...(asksIfTainted ? { asksIfTainted: (input: z.output<Input>) => asksIfTainted(input) } : {}),
    destinations: (input) => spec.destinations?.(input) ?? [],
    untrusted: false,
    rateLimit: { calls: 60, perMs: 60_000 },
    timeoutMs: TIMEOUT_MS,
    // Nobody knows what a command did that was cut off.
    replay: "never",
    describe: (input) => spec.describe(input),
    asked(_input, { linux }) {
      const missing = linux.missing();
      return missing === null ? undefined : { refused: missing, next: WITHOUT_LINUX };
    },
    async execute(input, context) {
      const reports = new Set<SyncReport>();
      const ran = await context.stores.linux.run({
        callId: context.idempotencyKey,
        conversationId: context.conversationId ?? null,
        command: spec.command(input),
        paths: spec.paths(input),
        untrusted: context.tainted ? "written where content from outside was read" : (spec.hears?.(input) ?? null),
        print: (text) => context.progress?.(text),
        saved(report) {
          reports.add(report);
          context.keep?.(changesOf(reports));
        },
        signal: context.signal,
      });
      const changes = changesOf(reports);
      return {
        output: outputOf(ran),
        summary: summaryOf(spec.describe(input), ran),
        failed: ran.exit.code !== 0,
        ...(changes.written.length + changes.deleted.length === 0 ? {} : { receipt: changes }),
        ...(ran.untrusted === null ? {} : { untrusted: ran.untrusted }),
      };
    },
    undo: async (receipt, context) => takeBack(receipt, context),
  };
}

/** What reports say of the user's files, the first change first. */
const changesOf = (reports: ReadonlySet<SyncReport>): z.infer<typeof Receipt> => ({
  written: [...reports].flatMap(({ written }) => written.map(({ path, id, version, before }) => ({ path, id, version, before }))),
  deleted: [...reports].flatMap(({ deleted }) => deleted),
});

/** Takes back what can be: what was changed since stays as it is, and is told. */
function takeBack(receipt: unknown, context: ToolContext<LinuxStores>): ToolOutput {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
  const { files } = context.stores;
  const by = { author: "agent", untrusted: context.tainted ? "written where content from outside was read" : null, key: null } as const;
  const restored: string[] = [];
  const left: string[] = [];
  const attempt = (path: string, work: () => unknown): void => {
    try {
      work();
      restored.push(path);
    } catch (error) {
      if (!(error instanceof MargayError)) throw error;
      left.push(path);
    }
  };
  const { written, deleted } = parsed.data;
  // The last first: a path may have been written twice.
  for (const { path, id, version, before } of written.toReversed()) attempt(path, () => files.takeBack(id, version, before, by));
  for (const { path, id } of deleted) attempt(path, () => files.undelete(id, by));
  if (restored.length === 0) throw new MargayError("conflict", "Everything that it had changed was changed again since, so I left it.");
  return {
    output: { restored: restored.slice(0, 100), ...(left.length === 0 ? {} : { changed_since_and_left: left.slice(0, 100) }) },
    summary: `Took back ${restored.length === 1 ? (restored[0] ?? "") : `${restored.length} files`}${left.length === 0 ? "" : `, left ${left.length} that were changed since`}`,
  };
}
