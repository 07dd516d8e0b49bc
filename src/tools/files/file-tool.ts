import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { folderPath } from "../../workspace/path.ts";
import type { FileView } from "../../workspace/shapes.ts";
import type { Writer } from "../../workspace/workspace-deps.ts";
import type { Effect, Tool, ToolContext, ToolOutput } from "../tool.ts";
import { FILES_READ, FILES_WRITE, type FileStores } from "./files-port.ts";

export const FilePath = z.string().trim().min(1).max(1_024);

/** How a write is taken back: a version goes, what was deleted comes back, what was moved goes where it was. */
const Receipt = z.union([
  z.object({ written: z.string(), version: z.number(), before: z.number().nullable() }),
  z.object({ deleted: z.array(z.string()).max(10_000) }),
  z.object({ moved: z.array(z.object({ id: z.string(), from: z.string(), to: z.string() })).max(10_000) }),
]);
export type Receipt = z.infer<typeof Receipt>;

interface FileToolSpec<Input extends z.ZodType> {
  name: string;
  version: number;
  description: string;
  input: Input;
  effect: Extract<Effect, "read" | "write">;
  rare?: boolean;
  timeoutMs?: number;
  /** The files and folders that it is about: who may use a folder only is held to it. */
  places(input: z.output<Input>): string[];
  /** One line for a person: what the call would do. */
  describe(input: z.output<Input>): string;
  execute(input: z.output<Input>, context: ToolContext<FileStores>): Promise<ToolOutput> | ToolOutput;
}

/** A tool of the family: the same grants, limits and undo for each. */
export function fileTool<Input extends z.ZodType>(spec: FileToolSpec<Input>): Tool<Input, FileStores> {
  const { effect } = spec;
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description,
    input: spec.input,
    ...(spec.rare ? { rare: true } : {}),
    capabilities: (input) => spec.places(input).map((place) => `${effect === "read" ? FILES_READ : FILES_WRITE}:${scopeOf(place)}`),
    effect: () => effect,
    destinations: () => [],
    untrusted: false,
    rateLimit: { calls: 300, perMs: 60_000 },
    timeoutMs: spec.timeoutMs ?? 30_000,
    // Each write is done once by its key.
    replay: effect === "read" ? "safe" : "keyed",
    describe: (input) => spec.describe(input),
    execute: async (input, context) => spec.execute(input, context),
    ...(effect === "write" ? { undo: async (receipt: unknown, context: ToolContext<FileStores>) => takeBack(receipt, context) } : {}),
  };
}

/** As the gate compares it. What is no path is asked for as all of the files: who has them is told by the tool what is wrong with it. */
function scopeOf(place: string): string {
  try {
    return folderPath(place);
  } catch {
    return "/";
  }
}

function takeBack(receipt: unknown, context: ToolContext<FileStores>): ToolOutput {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
  const { files } = context.stores;
  const by = writer(context);
  const { data } = parsed;
  if ("written" in data) {
    const file = files.takeBack(data.written, data.version, data.before, by);
    const { path } = file;
    return {
      output: { restored: path },
      summary: data.before === null ? `Took back ${path}` : `Put ${path} back as it was`,
      ...marked(file),
    };
  }
  if ("deleted" in data) {
    const back = data.deleted.map((id) => files.undelete(id, by));
    return { output: { restored: back.map(({ path }) => path) }, summary: `Brought back ${named(back)}`, ...marked(...back) };
  }
  const back = files.moveBack(data.moved, by);
  return { output: { restored: back.map(({ path }) => path) }, summary: `Moved ${named(back)} back`, ...marked(...back) };
}

/** Who writes by a tool. What is written where content from outside was read is such content. */
export const writer = ({ idempotencyKey, tainted }: ToolContext<FileStores>, untrusted: string | null = null): Writer => ({
  author: "agent",
  untrusted: untrusted ?? (tainted ? "written where content from outside was read" : null),
  key: idempotencyKey,
});

/** Where an answer comes from that shows such files: nothing to say for what the user and their agent wrote. */
export const marked = (...files: readonly Pick<FileView, "path" | "untrusted">[]): Pick<ToolOutput, "untrusted"> => {
  const [first, ...more] = files.filter(({ untrusted }) => untrusted !== null);
  if (first === undefined) return {};
  return { untrusted: more.length === 0 ? `file ${first.path}`.slice(0, 200) : "files, some from outside" };
};

/** `/a.md`, or `3 files`. */
export const named = (files: readonly Pick<FileView, "path">[]): string =>
  files.length === 1 ? (files[0]?.path ?? "") : `${files.length} files`;
