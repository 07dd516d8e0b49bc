import type { CallMarks, CompiledTool } from "../tools/compiled-tool.ts";
import type { Policy } from "../permission/decide.ts";
import type { Budget } from "../models/budget.ts";
import type { FileView } from "../workspace/shapes.ts";
import type { Writer } from "../workspace/workspace-deps.ts";
import type { JavascriptRunner, RunModule, RunResult } from "./javascript.ts";
import type { SyncFiles } from "./linux/sync-files.ts";

/** What may be narrower than what the caller has, for a program that somebody else wrote. */
export interface CodeAllowance {
  /** Names of tools. */
  tools: readonly string[];
  /** Capabilities, with their scopes: `net.fetch:api.example.com`, `files.read:/notes`. */
  capabilities: readonly string[];
}

/** A code to be run on behalf of a tool call. */
export interface CodeRequest {
  code: string;
  /** What code sees as `input`. */
  input?: unknown;
  /** Modules of the code's own, by name (`scripts/lib.js`). */
  modules?: Readonly<Record<string, RunModule>>;
  /** From begin to end, milliseconds. */
  wallMs: number;
  /** Absent: all that the caller has. */
  allow?: CodeAllowance;
  /** It is only tried: its calls may read and change nothing, and no file is written. */
  dry?: true;
}

/** The call that it is run for. */
export interface CodeCaller {
  /** Of the call. What the code calls is numbered below it, and what it writes is written under it. */
  callId: string;
  marks: CallMarks | null;
  /** Capabilities that the call is held to, also where a person approved it; null: all that is granted. */
  profile: readonly string[] | null;
  /** For whose turn, where the marks do not say. */
  turnId?: string | null;
  /** Whether the call was written where content from outside was read. */
  tainted: boolean;
  signal: AbortSignal;
  /** Is told of what is written as it is, so that it can be taken back however the run ends; null: nothing of it is left. */
  keep?(receipt: { files: readonly WrittenFile[] } | null): void;
}

/** A file that a run wrote; what `undo` needs. */
export interface WrittenFile {
  path: string;
  written: string;
  version: number;
  before: number | null;
}

/** A call that waits for a person. */
export interface WaitingCall {
  tool: string;
  approval: string | null;
  why: string;
}

export interface CodeOutcome extends Omit<RunResult, "value" | "loads"> {
  value: unknown;
  files: WrittenFile[];
  /** Files that it meant to write, which were not since it failed or was only tried. */
  notWritten: string[];
  waiting: WaitingCall[];
  /** Calls of tools that it made. */
  calls: number;
  /** What it read from outside, the first of it; null: nothing. */
  untrusted: string | null;
  suspicious: boolean;
  links: string[];
  usedGiven: number;
  microUsd: number;
}

/** Runs code for tools. Throws a `MargayError` where it cannot be run at all; what the code does wrong is in the outcome. */
export interface CodePort {
  run(request: CodeRequest, caller: CodeCaller): Promise<CodeOutcome>;
  /** Puts a file back as it was before a run. Throws `conflict` when it was changed since. */
  takeBack(file: WrittenFile, by: Writer): FileView;
}

export interface CodeRunDeps {
  /** null: there is nothing here that could run code. */
  runner(): JavascriptRunner | null;
  /** The tools of whoever has a turn, such as a task. */
  toolsOf(turnId: string | null): readonly CompiledTool[];
  granted(): readonly string[];
  policy(tool: string): Policy | null;
  files: SyncFiles;
  takeBack: CodePort["takeBack"];
  /** The calls of runs, noted before they are made. False: another one was made in its place. */
  calls: { note(id: string, hash: string, at: number): boolean; forgetOld(now: number): void };
  budget: Budget;
  /** A module of Margay's own that code can import by a plain name; null: there is none of that name. */
  module(name: string): Promise<Readonly<Record<string, RunModule>> | null>;
  hash(text: string): string;
  now(): number;
}
