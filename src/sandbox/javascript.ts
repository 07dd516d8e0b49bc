import { z } from "zod";

/** What one run may use. Locally a watching process enforces them, deployed the platform does: there the memory is 128 MB whatever is asked. */
export interface RunLimits {
  /** From begin to end, waiting included, milliseconds. */
  wallMs: number;
  /** Of computing alone, milliseconds. */
  cpuMs: number;
  /** Megabytes. */
  memoryMb: number;
  /** Characters of the log; the value may have as many. */
  outputChars: number;
}

export const DEFAULT_LIMITS: RunLimits = { wallMs: 60_000, cpuMs: 30_000, memoryMb: 128, outputChars: 50_000 };

/** A module that code can import, by the name it stands under. */
export type RunModule = { js: string } | { text: string } | { wasm: Uint8Array } | { data: Uint8Array };

/** What code finds in its scope besides the language: nothing that is not named here is there. */
export interface RunScope {
  tools: readonly string[];
  files: { read: boolean; write: boolean };
}

export interface RunRequest {
  /** An ES module, or the body of an async function. */
  code: string;
  /** By name, without a leading slash: `csv`, `outputs/lib.js`. */
  modules: Readonly<Record<string, RunModule>>;
  scope: RunScope;
  /** What code sees as `input`; JSON. */
  input?: unknown;
  limits: RunLimits;
}

/** What code asks of the side that runs it. Whatever comes from there is parsed and checked as if an attacker had written it. */
export const HostRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tool"), name: z.string().max(200), input: z.unknown() }),
  z.object({ kind: z.literal("read"), path: z.string().max(2_000) }),
  z.object({ kind: z.literal("text"), path: z.string().max(2_000) }),
  z.object({ kind: z.literal("list"), path: z.string().max(2_000) }),
  z.object({ kind: z.literal("write"), path: z.string().max(2_000), base64: z.base64() }),
]);
export type HostRequest = z.infer<typeof HostRequest>;

/** `value` is JSON; bytes are base64. An error is thrown in the code, which may go on from it. */
export type HostAnswer = { ok: true; value: unknown } | { ok: false; error: { name: string; message: string } };

export interface RunHost {
  ask(request: HostRequest): Promise<HostAnswer>;
}

/** `stopped`: by whoever began it. `output`: it wrote more than it may, and the beginning is kept. */
export type Ended = "done" | "error" | "time" | "cpu" | "memory" | "output" | "stopped";

export interface RunError {
  name: string;
  message: string;
  /** Of the code, from 1; null: not known. */
  line: number | null;
}

export interface RunResult {
  ended: Ended;
  /** What the code gave, as JSON; null unless it is done. */
  value: string | null;
  /** The value was longer than it may be: this is its beginning, as a JSON text. */
  cut: boolean;
  /** null: it is done. */
  error: RunError | null;
  logs: string[];
  wallMs: number;
  /** Workers that were made for it: a code that is read in another way is loaded again. */
  loads: number;
}

/** Runs code that nobody vouches for, each time in a fresh isolate with no network and nothing but its scope. */
export interface JavascriptRunner {
  readonly name: "loader" | "process";
  /** What one load costs, millionths of a US dollar. */
  readonly microUsd: number;
  /** Never throws for what the code does. */
  run(request: RunRequest, host: RunHost, signal: AbortSignal): Promise<RunResult>;
}
