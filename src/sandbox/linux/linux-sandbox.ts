import type { ExecEvent, FileRefusal, Tree } from "./contract.ts";

export interface SandboxCommand {
  /** A line for bash, or a program with its arguments. */
  run: { shell: string } | { argv: string[] };
  /** Below the work folder, `notes/old`; null: that folder itself. */
  cwd: string | null;
  stdin: string | null;
  timeoutMs: number;
  /** Hosts that it may reach by HTTP(S); none: it has no network. */
  hosts: readonly string[];
  /** The stored secret that goes with its requests; null: none does. */
  secret: string | null;
}

/** How a command ended. */
export type SandboxExit = Omit<Extract<ExecEvent, { type: "exit" }>, "type">;

/** A file for the work folder; `path` as in the contract: `notes/today.md`. */
export interface SandboxFile {
  path: string;
  bytes: Uint8Array;
}

/**
 * A Linux to run commands in, whoever provides it. A session is a work folder, a home and processes of its own; nothing is shared between sessions. Everything throws a `MargayError` that says what is wrong; of a session
 * that is not there any more: `gone`.
 */
export interface LinuxSandbox {
  /** Gives the session's id. */
  open(signal: AbortSignal): Promise<string>;
  close(session: string): Promise<void>;
  /** What it prints is given in pieces, as it comes. `gone` with `{ began: false }`: the session was not there, and nothing of the command has happened. */
  exec(
    session: string,
    command: SandboxCommand,
    print: (stream: "stdout" | "stderr", text: string) => void,
    signal: AbortSignal,
  ): Promise<SandboxExit>;
  tree(session: string, signal: AbortSignal): Promise<Tree>;
  /** Gives what was not taken. */
  put(session: string, files: readonly SandboxFile[], signal: AbortSignal): Promise<FileRefusal[]>;
  /** What is not there any more, is no regular file, or is larger than expected, is left out. `files`: with the sizes that the tree told. */
  read(session: string, files: readonly { path: string; size: number }[], signal: AbortSignal): Promise<Map<string, Uint8Array>>;
  delete(session: string, paths: readonly string[], signal: AbortSignal): Promise<void>;
}
