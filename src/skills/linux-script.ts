import { createHash } from "node:crypto";
import { MargayError } from "../errors.ts";
import { isBelow } from "../permission/path.ts";
import { HeadTail } from "../sandbox/linux/head-tail.ts";
import type { LinuxSandbox, SandboxExit, SandboxFile } from "../sandbox/linux/linux-sandbox.ts";
import type { SyncFiles } from "../sandbox/linux/sync-files.ts";
import type { KeptFile } from "../sandbox/linux/sync-plan.ts";
import type { ToolContext, ToolOutput } from "../tools/tool.ts";
import type { ScriptLanguage } from "./runner-of.ts";
import type { SkillPermissions } from "./skill.ts";

/** Bytes of the user's files that go in, and that come back. */
const MOST = 50_000_000;
const MOST_FILES = 500;
/** Where the skill's own files lie, below the work folder. */
const HOME = "_skill";
/** Characters of what it prints. */
const KEPT = { head: 10_000, tail: 20_000 };

/** A program of a skill in Python or for a shell. */
export interface LinuxScript {
  skill: string;
  language: Exclude<ScriptLanguage, "javascript">;
  /** Of the program, within the skill. */
  script: string;
  /** Every file of the skill. */
  files: readonly SandboxFile[];
  args: unknown;
  granted: SkillPermissions;
  wallMs: number;
  /** Where the program comes from when nobody vouches for it. */
  untrusted: string | null;
}

export interface LinuxScriptDeps {
  /** The Linux of a skill; null: there is none here. */
  sandbox(skill: string): LinuxSandbox | null;
  files: SyncFiles;
  /** Whether the caller has a capability, as the user's settings for the tool that it belongs to let it. */
  may(capability: string, tool: string): boolean;
}

/**
 * Runs it in a session of its own, which ends with it: in it are the skill's files and those of the user's that the skill was granted to read, and no network, whatever hosts it was granted: what leaves there would leave without a question. What it
 * wrote comes back where it was granted to write; everything else is told and left behind.
 */
export async function linuxScript(
  wanted: LinuxScript,
  context: ToolContext,
  deps: LinuxScriptDeps,
): Promise<{ output: ToolOutput; failed: boolean }> {
  if (!deps.may("shell.run", "run_shell")) throw new MargayError("forbidden", "Programs for a Linux may not be run here.");
  const sandbox = deps.sandbox(wanted.skill);
  if (sandbox === null)
    throw new MargayError("not_configured", "There is no Linux here, and this program needs one. Programs in JavaScript work without.");
  const { signal } = context;
  const given = readable(wanted.granted, deps);
  const session = await sandbox.open(signal);
  try {
    const before = await putIn(session, sandbox, given, wanted, deps, signal);
    // One may have become another while the Linux started and they were read.
    const outside = given.find(({ path, untrusted: was }) => (was ?? deps.files.at(path)?.untrusted ?? null) !== null);
    const untrusted = wanted.untrusted ?? (outside === undefined ? null : `file ${outside.path}`.slice(0, 200));
    const printed = { stdout: new HeadTail(KEPT.head, KEPT.tail), stderr: new HeadTail(KEPT.head, KEPT.tail) };
    const exit = await sandbox.exec(
      session,
      {
        run: { argv: [wanted.language === "python" ? "python3" : "bash", `${HOME}/${wanted.script}`] },
        cwd: null,
        stdin: JSON.stringify(wanted.args ?? {}),
        timeoutMs: wanted.wallMs,
        hosts: [],
        secret: null,
      },
      (stream, text) => {
        printed[stream].add(text);
        context.progress?.(text);
      },
      signal,
    );
    const failed = exit.ended !== "exit" || exit.code !== 0;
    const mark = untrusted ?? (context.tainted ? "written where content from outside was read" : null);
    const back = failed ? { written: [], left: [] } : await bringBack(session, sandbox, before, mark, wanted, context, deps);
    return { output: outputOf(wanted, exit, printed, back, untrusted), failed };
  } finally {
    await sandbox.close(session).catch(() => undefined);
  }
}

/** What of the user's files the skill was granted to read and the caller may. */
function readable({ paths }: SkillPermissions, { files, may }: LinuxScriptDeps): KeptFile[] {
  const found = files
    .all()
    .filter(
      ({ path }) =>
        paths.read.some((folder) => isBelow(folder, path)) && !isBelow(`/${HOME}`, path) && may(`files.read:${path}`, "read_file"),
    );
  if (found.length > MOST_FILES || found.reduce((sum, { size }) => sum + size, 0) > MOST)
    throw new MargayError("payload_too_large", "The folders that this skill reads hold more than 500 files or 50 MB.");
  return found;
}

/** Gives the hash of everything that lies there now, by path. */
async function putIn(
  session: string,
  sandbox: LinuxSandbox,
  given: readonly KeptFile[],
  { files: own }: LinuxScript,
  { files }: LinuxScriptDeps,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const all: SandboxFile[] = own.map(({ path, bytes }) => ({ path: `${HOME}/${path}`, bytes }));
  for (const { path } of given) all.push({ path: path.slice(1), bytes: await files.read(path) });
  const [refused] = await sandbox.put(session, all, signal);
  if (refused !== undefined)
    throw new MargayError("invalid_request", `${refused.path} could not be put into the Linux (${refused.reason}).`);
  return new Map(all.map(({ path, bytes }) => [path, createHash("sha256").update(bytes).digest("hex")]));
}

interface Back {
  written: { path: string; written: string; version: number; before: number | null }[];
  left: { path: string; why: string }[];
}

async function bringBack(
  session: string,
  sandbox: LinuxSandbox,
  before: ReadonlyMap<string, string>,
  untrusted: string | null,
  { granted }: LinuxScript,
  { idempotencyKey, signal, keep }: ToolContext,
  { files, may }: LinuxScriptDeps,
): Promise<Back> {
  const back: Back = { written: [], left: [] };
  const tree = await sandbox.tree(session, signal);
  const changed = tree.files.filter(({ path, sha256 }) => before.get(path) !== sha256 && !path.startsWith(`${HOME}/`));
  let room = MOST;
  const coming: { path: string; size: number }[] = [];
  for (const { path, size } of changed) {
    const at = `/${path}`;
    const allowed = granted.paths.write.some((folder) => isBelow(folder, at)) && may(`files.write:${at}`, "write_file");
    const why = allowed ? files.refusal(at) : "The skill may not write there.";
    if (why !== null) back.left.push({ path: at, why });
    else if (size > room || coming.length >= MOST_FILES) back.left.push({ path: at, why: "That is more than a program may write." });
    else {
      room -= size;
      coming.push({ path, size });
    }
  }
  const contents = await sandbox.read(session, coming, signal);
  for (const { path } of coming) {
    const bytes = contents.get(path);
    if (bytes === undefined) continue;
    const at = `/${path}`;
    const by = { author: "agent" as const, untrusted, key: `${idempotencyKey}:${at}` };
    try {
      const { id, version, before: earlier } = await files.write(at, bytes, by, files.at(at)?.version ?? null);
      back.written.push({ path: at, written: id, version, before: earlier });
      keep?.(receiptOf(back));
    } catch (error) {
      if (!(error instanceof MargayError)) throw error;
      back.left.push({ path: at, why: error.message });
    }
  }
  return back;
}

const receiptOf = ({ written }: Back) => ({ files: written });

function outputOf(
  { skill, script }: LinuxScript,
  { code, ended, wallMs }: SandboxExit,
  printed: Record<"stdout" | "stderr", HeadTail>,
  back: Back,
  untrusted: string | null,
): ToolOutput {
  const { written, left } = back;
  const [stdout, stderr] = [printed.stdout.text(), printed.stderr.text()];
  const how = ended === "exit" ? `exit code ${code ?? "?"}` : `ended by ${ended}`;
  return {
    output: {
      exit_code: code,
      ...(ended === "exit" ? {} : { ended }),
      stdout,
      ...(stderr === "" ? {} : { stderr }),
      ...(written.length === 0 ? {} : { files_written: written.map(({ path }) => path) }),
      ...(left.length === 0 ? {} : { not_saved: left.slice(0, 20) }),
    },
    summary: `${skill}: ran ${script} (${how}, ${(wallMs / 1000).toFixed(1)} s)${written.length === 0 ? "" : `, wrote ${written.length === 1 ? written[0]?.path : `${written.length} files`}`}`,
    ...(written.length === 0 ? {} : { receipt: receiptOf(back) }),
    ...(untrusted === null ? {} : { untrusted }),
  };
}
