import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Limits } from "../../src/sandbox/linux/contract.ts";

/** What is around a session's processes. One driver for each kind of isolation. */
export interface Wall {
  isolation: "bubblewrap" | "container";
  /** Starts a session's agent; it says `ready` when it runs. */
  start(id: string, limits: Limits): Promise<Inside>;
  close(): void;
}

/** A running agent and what the server knows about it by itself. */
export interface Inside {
  /** Everything of the session is this process or below it. */
  process: ChildProcess & { pid: number };
  source: Readable;
  sink: Writable;
  /** Folders of the session, as seen from here, once the agent is ready. */
  folders(): string[];
  memoryKills(): number;
  /** Where a command's way out begins: a socket in a folder that the inside sees, or a port that it reaches. */
  egress: { listen: { path: string } | { port: 0; host: string }; relay(port: number): { port: number; socket: string } | null };
  /** Ends every process of the session, whatever the agent does, and takes away what was kept for it. */
  end(): Promise<void>;
}

/** What commands find in their environment, whoever asks for them; the request's own variables come on top. */
export const BASE_ENVIRONMENT: Record<string, string> = {
  PATH: "/home/user/.local/bin:/opt/node/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
  HOME: "/home/user",
  USER: "user",
  LOGNAME: "user",
  SHELL: "/bin/bash",
  LANG: "C.UTF-8",
  TZ: "UTC",
  TMPDIR: "/tmp",
  TERM: "dumb",
  // Programs that write beside the files they work on would fill the work folder.
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONUNBUFFERED: "1",
  MPLBACKEND: "Agg",
  MPLCONFIGDIR: "/tmp/matplotlib",
  // Packages go into the home folder: the system's own folders cannot be written.
  PIP_USER: "1",
  PIP_BREAK_SYSTEM_PACKAGES: "1",
  PIP_NO_CACHE_DIR: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_INPUT: "1",
  NPM_CONFIG_PREFIX: "/home/user/.local",
  NPM_CONFIG_CACHE: "/tmp/npm",
  NPM_CONFIG_UPDATE_NOTIFIER: "false",
  NPM_CONFIG_FUND: "false",
  NPM_CONFIG_AUDIT: "false",
  NODE_PATH: "/home/user/.local/lib/node_modules",
  GIT_TERMINAL_PROMPT: "0",
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "safe.directory",
  GIT_CONFIG_VALUE_0: "*",
};

export const isDuplex = (stream: unknown): stream is Duplex =>
  typeof stream === "object" && stream !== null && "write" in stream && "read" in stream;
