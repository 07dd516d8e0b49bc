import { z } from "zod";

/**
 * What the sandbox server (`container-sandbox/`) and its client say to each other: JSON over HTTP with `Authorization: Bearer <token>`. Sizes are bytes,
 * times milliseconds unless a name says otherwise. Needs nothing but zod, so that the server can be built alone.
 *
 * | | |
 * |---|---|
 * | `GET /health` | {@link Health} (needs no token) |
 * | `POST /v1/sessions` {@link SessionRequest} | {@link SessionCreated}, 201 |
 * | `DELETE /v1/sessions/:id` | 204; also when it is already gone |
 * | `POST /v1/sessions/:id/exec` {@link ExecRequest} | a stream of {@link ExecEvent}, one JSON a line (`application/x-ndjson`) |
 * | `POST …/exec/:execId/stdin` {@link StdinRequest} | 204 |
 * | `POST …/exec/:execId/signal` {@link SignalRequest} | 204 |
 * | `GET …/files` | {@link Tree} |
 * | `PUT …/files`, a zip | {@link FilesWritten} |
 * | `POST …/files/read` {@link PathsRequest} | a zip of those that are regular files; what could not be read is not in it |
 * | `POST …/files/delete` {@link PathsRequest} | {@link FilesDeleted} |
 *
 * One thing at a time in a session: while a command runs, or files are moved, another gets `conflict`. When a command is over, every process it started is gone.
 * The end of the client's connection ends the command. Errors are {@link SandboxFailure} with the status of {@link SANDBOX_ERRORS}.
 */
export const CONTRACT_VERSION = 1;

/** Where commands begin, and the only folder whose files go in and out. */
export const WORK_FOLDER = "/work";

export const SANDBOX_ERRORS = {
  invalid_request: 400,
  unauthorized: 401,
  /** No such session (it may have ended by itself), no such command. */
  not_found: 404,
  /** The session is busy. */
  conflict: 409,
  /** What was asked needs something this server was not given: a way to the package registries. */
  not_configured: 409,
  /** The session ended in the middle: it was killed, or its inside stopped answering. What was in it is lost. */
  gone: 410,
  payload_too_large: 413,
  /** As many sessions as this server holds. */
  rate_limited: 429,
  internal: 500,
} as const;

export type SandboxErrorCode = keyof typeof SANDBOX_ERRORS;

export const SandboxFailure = z.object({
  error: z.object({
    code: z.enum(Object.keys(SANDBOX_ERRORS) as [SandboxErrorCode, ...SandboxErrorCode[]]),
    message: z.string().max(2_000),
  }),
});

const MIB = 1024 * 1024;

/** Upper ends of what a session may be given; `Health.limits` says what this server allows, which may be less. */
export const Limits = z.object({
  /** CPU seconds of one command with all it starts. */
  cpuSeconds: z.int().min(1).max(3_600),
  /** Memory of all processes of the session together. */
  memoryBytes: z
    .int()
    .min(64 * MIB)
    .max(16_384 * MIB),
  /** Processes and threads at once. */
  processes: z.int().min(16).max(4_096),
  /** Room of the work folder. */
  diskBytes: z
    .int()
    .min(MIB)
    .max(16_384 * MIB),
  /** Room of /tmp, and the same again for the home folder, where packages are installed. */
  scratchBytes: z
    .int()
    .min(MIB)
    .max(16_384 * MIB),
  /** Files in the work folder, and in each of the other two. */
  files: z.int().min(16).max(200_000),
  fileBytes: z
    .int()
    .min(MIB)
    .max(16_384 * MIB),
  openFiles: z.int().min(64).max(65_536),
  /** What one command may print, both streams together. More ends it as `output`. */
  outputBytes: z
    .int()
    .min(1_024)
    .max(256 * MIB),
  /** The longest that a command runs, whatever it asks for. */
  wallMs: z.int().min(1_000).max(3_600_000),
});
export type Limits = z.infer<typeof Limits>;

export const DEFAULT_LIMITS: Limits = {
  cpuSeconds: 300,
  memoryBytes: 1_024 * MIB,
  processes: 256,
  diskBytes: 512 * MIB,
  scratchBytes: 512 * MIB,
  files: 50_000,
  fileBytes: 512 * MIB,
  openFiles: 1_024,
  outputBytes: 4 * MIB,
  wallMs: 600_000,
};

/**
 * A path in the work folder: `a/b.txt`. No leading or double slash, no `.` or `..`, nothing unprintable that would hide in a list.
 * Names that a zip or a tree holds and this refuses are told, never changed into something near.
 */
export const WorkPath = z
  .string()
  .min(1)
  .max(1_024)
  .refine(
    (path) =>
      !/[\p{Cc}\\]/u.test(path) &&
      path.isWellFormed() &&
      path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && new TextEncoder().encode(part).length <= 255),
    "not a path inside the work folder",
  );

/** Names as shells take them; what decides which program or library is loaded is refused by the server. */
export const Environment = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
    z
      .string()
      .max(8_192)
      .refine((value) => !value.includes("\0")),
  )
  .refine((env) => Object.keys(env).length <= 64, "at most 64 variables");

/**
 * What a command may reach: nothing, or HTTP(S) to these hosts (exact names, ports 80 and 443) by a proxy: `proxy` (`http://host:port`), else the one the server
 * was started with. With neither the answer is `not_configured`. Programs find it in `HTTPS_PROXY` and `HTTP_PROXY`.
 */
export const Network = z.union([
  z.literal("none"),
  z.object({
    hosts: z
      .array(z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/))
      .min(1)
      .max(64),
    proxy: z
      .url({ protocol: /^http$/ })
      .max(500)
      .optional(),
  }),
]);
export type Network = z.infer<typeof Network>;

export const Health = z.object({
  ok: z.literal(true),
  version: z.int(),
  /** `bubblewrap`: each session is walled off by the kernel. `container`: the container around the server is the wall, and holds one session at a time. */
  isolation: z.enum(["bubblewrap", "container"]),
  /** What a session gets when it asks for nothing, and the most it may ask for. */
  limits: z.object({ defaults: Limits, most: Limits, sessions: z.int(), idleMs: z.int(), uploadBytes: z.int() }),
  sessions: z.int(),
  /** Whether commands can be given a way to hosts without the request naming a proxy. */
  proxy: z.boolean(),
  /** What holds the limits of memory and processes: the kernel for all of a session at once, or each process for itself and a watcher. */
  limitsBy: z.enum(["cgroup", "watcher"]),
});
export type Health = z.infer<typeof Health>;

export const SessionRequest = z.strictObject({
  limits: Limits.partial().optional(),
  env: Environment.optional(),
  /** For every command of the session that says nothing of its own. */
  network: Network.optional(),
});
export type SessionRequest = z.input<typeof SessionRequest>;

export const SessionCreated = z.object({ id: z.string().regex(/^[a-f0-9]{32}$/), limits: Limits, workFolder: z.string() });
export type SessionCreated = z.infer<typeof SessionCreated>;

const execFields = {
  /** Below the work folder; the work folder itself when absent. */
  cwd: WorkPath.optional(),
  /** What the program reads, as text or as base64. */
  stdin: z
    .string()
    .max(8 * MIB)
    .optional(),
  stdinBase64: z
    .base64()
    .max(8 * MIB)
    .optional(),
  /** Whether more will come by `…/stdin`; otherwise its input ends after `stdin`. */
  stdinOpen: z.boolean().optional(),
  timeoutMs: z.int().min(1).max(3_600_000),
  env: Environment.optional(),
  /** `text`: chunks as text, what is not UTF-8 replaced. `base64`: as they are. */
  output: z.enum(["text", "base64"]).optional(),
  network: Network.optional(),
};
const noNul = z.string().refine((text) => !text.includes("\0"), "holds a NUL");

/** A program with its arguments, or a line for bash. */
export const ExecRequest = z.union([
  z.strictObject({
    argv: z
      .array(noNul.max(128 * 1_024))
      .min(1)
      .max(1_000),
    ...execFields,
  }),
  z.strictObject({ shell: noNul.min(1).max(128 * 1_024), ...execFields }),
]);
export type ExecRequest = z.infer<typeof ExecRequest>;

/**
 * Why a command ended: by itself (`exit`, with its code or the signal it died of), or ended by the server for `timeout`, `cpu`, `memory`, `output`, `disk` (more
 * files than allowed), or because it was asked to or nobody listens (`killed`), or the session itself broke (`gone`: what was in it is lost).
 */
export const Ended = z.enum(["exit", "timeout", "cpu", "memory", "output", "disk", "killed", "gone"]);
export type Ended = z.infer<typeof Ended>;

const chunk = <T extends string>(type: T) =>
  z.union([z.object({ type: z.literal(type), text: z.string() }), z.object({ type: z.literal(type), base64: z.string() })]);

/** A line of the answer to `exec`: `start` first, `exit` last. An answer without `exit` was cut off, and what the command did is not known. */
export const ExecEvent = z.union([
  z.object({ type: z.literal("start"), execId: z.string().max(64) }),
  chunk("stdout"),
  chunk("stderr"),
  z.object({
    type: z.literal("exit"),
    /** Null when it died of a signal or was ended. 126 and 127 as shells have it: cannot be run, not found. */
    code: z.int().nullable(),
    /** `SIGKILL`, … */
    signal: z.string().max(16).nullable(),
    ended: Ended,
    wallMs: z.number(),
    cpuMs: z.number(),
  }),
]);
export type ExecEvent = z.infer<typeof ExecEvent>;

export const StdinRequest = z.strictObject({
  text: z.string().max(MIB).optional(),
  base64: z
    .base64()
    .max(2 * MIB)
    .optional(),
  /** No more comes after this. */
  end: z.boolean().optional(),
});
export type StdinRequest = z.infer<typeof StdinRequest>;

/** To the command's process group; `SIGKILL` ends all it started, as `killed`. */
export const SignalRequest = z.strictObject({
  signal: z.enum(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL"]),
});
export type SignalRequest = z.infer<typeof SignalRequest>;

export const TreeFile = z.object({
  path: WorkPath,
  size: z.int().min(0),
  sha256: z.string().regex(/^[a-f0-9]{64}$/),
  /** Permission bits: 0o755 when it can be run. */
  mode: z.int().min(0).max(0o7777),
  mtimeMs: z.number(),
});
export type TreeFile = z.infer<typeof TreeFile>;

/** What is in the work folder and is not a file that can be taken out. `path` is for showing: a name that cannot be said has `\ufffd` in it. */
export const TreeOther = z.object({
  path: z.string().max(8_192),
  kind: z.enum(["symlink", "unreadable", "special", "unnameable", "empty-folder", "too-deep"]),
  /** Of a symlink, what it says. Nobody follows it. */
  target: z.string().max(4_096).optional(),
});
export type TreeOther = z.infer<typeof TreeOther>;

/** `complete` is false when there was more than the session's limit of files: absence then says nothing. */
export const Tree = z.object({ files: z.array(TreeFile), others: z.array(TreeOther), complete: z.boolean() });
export type Tree = z.infer<typeof Tree>;

/** At most 20,000 paths a request. */
export const PathsRequest = z.strictObject({ paths: z.array(WorkPath).min(1).max(20_000) });

/** Why one file was not written or deleted. `in-the-way`: a folder where the file should be, or a file or symlink where a folder should. */
export const FileRefusal = z.object({
  path: z.string().max(8_192),
  reason: z.enum(["bad-name", "in-the-way", "no-room", "too-large", "symlink", "duplicate", "damaged", "missing", "failed"]),
});
export type FileRefusal = z.infer<typeof FileRefusal>;

export const FilesWritten = z.object({ written: z.int(), refused: z.array(FileRefusal) });
export type FilesWritten = z.infer<typeof FilesWritten>;

export const FilesDeleted = z.object({ deleted: z.int(), refused: z.array(FileRefusal) });
export type FilesDeleted = z.infer<typeof FilesDeleted>;
