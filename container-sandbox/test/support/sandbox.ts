import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync, type Zippable, zipSync } from "fflate";
import {
  ExecEvent,
  FilesDeleted,
  FilesWritten,
  type Limits,
  SandboxFailure,
  SessionCreated,
  Tree,
} from "../../../src/sandbox/linux/contract.ts";

export const TOKEN = "a-token-for-tests-of-the-sandbox";
/** Where bubblewrap is missing there is no sandbox to test; `.ci/run` installs it. */
export const NO_BUBBLEWRAP = !existsSync("/usr/bin/bwrap") || !existsSync("/usr/bin/python3");
const MIB = 1024 * 1024;

export interface Ran {
  stdout: string;
  stderr: string;
  exit: Extract<ExecEvent, { type: "exit" }>;
  events: ExecEvent[];
}

type ExecOptions = Record<string, unknown>;

/** A real server process on a free port. */
export interface Sandbox {
  url: string;
  process: ChildProcess & { pid: number };
  fetch(path: string, init?: RequestInit): Promise<Response>;
  session(options?: { limits?: Partial<Limits>; env?: Record<string, string>; network?: unknown }): Promise<SandboxSession>;
  stop(): Promise<void>;
}

export interface SandboxSession {
  id: string;
  /** Starts a command and answers its stream. */
  exec(request: ExecOptions, signal?: AbortSignal): Promise<Response>;
  /** Runs a line of bash to its end. */
  bash(shell: string, options?: ExecOptions): Promise<Ran>;
  /** Runs a Python program to its end. */
  python(code: string, options?: ExecOptions): Promise<Ran>;
  tree(): Promise<Tree>;
  put(files: Zippable | Uint8Array): Promise<FilesWritten>;
  read(paths: string[]): Promise<Record<string, Uint8Array>>;
  text(path: string): Promise<string>;
  delete(paths: string[]): Promise<FilesDeleted>;
  end(): Promise<void>;
}

/** `command`: what starts it, when that is not this Node here. */
export async function startSandbox(env: Record<string, string> = {}, command?: string[]): Promise<Sandbox> {
  const [program = "", ...rest] = command ?? [process.execPath, join(import.meta.dirname, "../../src/main.ts")];
  const child = spawn(program, rest, {
    env: { PATH: process.env["PATH"], SANDBOX_TOKEN: TOKEN, SANDBOX_PORT: "0", SANDBOX_SESSIONS: "4", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const found = /"listening":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${TOKEN}`);
    return fetch(`${url}${path}`, { ...init, headers });
  };
  if (child.pid === undefined) throw new Error("no process");
  return {
    url,
    process: Object.assign(child, { pid: child.pid }),
    fetch: ask,
    session: async (options = {}) => {
      const limits = { memoryBytes: 256 * MIB, diskBytes: 48 * MIB, scratchBytes: 48 * MIB, processes: 96, ...options.limits };
      const response = await ask("/v1/sessions", { method: "POST", body: JSON.stringify({ ...options, limits }) });
      return sessionOf(ask, SessionCreated.parse(await json(response)).id);
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The error's code of a refusal. */
export async function codeOf(response: Response): Promise<string> {
  return SandboxFailure.parse(await response.json()).error.code;
}

export async function json(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

/** The events of a stream. A stream that was cut off has no `exit`. */
export async function* eventsOf(response: Response): AsyncGenerator<ExecEvent> {
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  let rest = "";
  const decoder = new TextDecoder();
  for await (const part of response.body) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield ExecEvent.parse(JSON.parse(line));
  }
}

function sessionOf(ask: Sandbox["fetch"], id: string): SandboxSession {
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    ask(`/v1/sessions/${id}${path}`, { method: "POST", body: JSON.stringify(body), ...(signal ? { signal } : {}) });
  const run = async (request: ExecOptions): Promise<Ran> => {
    const ran = { stdout: "", stderr: "", events: [] as ExecEvent[] };
    for await (const event of eventsOf(await post("/exec", { timeoutMs: 40_000, ...request }))) {
      ran.events.push(event);
      if (event.type === "stdout" && "text" in event) ran.stdout += event.text;
      if (event.type === "stderr" && "text" in event) ran.stderr += event.text;
    }
    const exit = ran.events.at(-1);
    if (exit?.type !== "exit") throw new Error("cut off");
    return { ...ran, exit };
  };
  const read = async (paths: string[]): Promise<Record<string, Uint8Array>> => {
    const response = await post("/files/read", { paths });
    if (!response.ok) throw new Error(await response.text());
    return unzipSync(new Uint8Array(await response.arrayBuffer()));
  };
  return {
    id,
    exec: (request, signal) => post("/exec", { timeoutMs: 40_000, ...request }, signal),
    bash: (shell, options) => run({ shell, ...options }),
    python: (code, options) => run({ argv: ["python3", "-"], stdin: code, ...options }),
    tree: async () => Tree.parse(await json(await ask(`/v1/sessions/${id}/files`))),
    put: async (files) => {
      const body = Buffer.from(files instanceof Uint8Array ? files : zipSync(files, { level: 1 }));
      return FilesWritten.parse(await json(await ask(`/v1/sessions/${id}/files`, { method: "PUT", body })));
    },
    read,
    text: async (path) => strFromU8((await read([path]))[path] ?? new Uint8Array()),
    delete: async (paths) => FilesDeleted.parse(await json(await post("/files/delete", { paths }))),
    end: async () => void (await ask(`/v1/sessions/${id}`, { method: "DELETE" })),
  };
}
