import type { LinuxRan } from "../../sandbox/linux/linux-sessions.ts";
import type { SyncReport } from "../../sandbox/linux/sync-report.ts";
import type { SandboxCommand } from "../../sandbox/linux/linux-sandbox.ts";
import type { FileStores } from "../files/files-port.ts";

/** Granted to everybody by default: commands have no network, and what they change in files can be taken back. */
export const SHELL_RUN = "shell.run";

export interface LinuxRequest {
  /** Of the call: which task or conversation it belongs to is known from it. */
  callId: string;
  conversationId: string | null;
  command: SandboxCommand;
  /** The files and folders that go in; null: all. */
  paths: readonly string[] | null;
  /** Where the command comes from when nobody vouches for it, or what it reads from the network. */
  untrusted: string | null;
  /** Is given what the command prints, as it comes. */
  print(text: string): void;
  /** Is told of what is brought into the user's files as it is: of the same report again with all that came before it. */
  saved(report: SyncReport): void;
  signal: AbortSignal;
}

/** A Linux as tools see it. Throws a `MargayError` that says what is wrong, also where there is none. */
export interface LinuxPort {
  run(request: LinuxRequest): Promise<LinuxRan>;
  /** Why nothing can run here; null: it can. */
  missing(): string | null;
}

export interface LinuxStores extends FileStores {
  linux: LinuxPort;
}
