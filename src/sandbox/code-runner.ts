import { MargayError } from "../errors.ts";
import { covers } from "../permission/capability.ts";
import { CodeHost } from "./code-host.ts";
import type { CodeAllowance, CodeCaller, CodeOutcome, CodePort, CodeRequest, CodeRunDeps, WrittenFile } from "./code-run.ts";
import { importedModules } from "./imported-modules.ts";
import { bookLoad } from "./book-load.ts";
import { withRead } from "../tools/read-before.ts";
import { DEFAULT_LIMITS, type JavascriptRunner, type RunResult, type RunScope } from "./javascript.ts";
import { mayWith } from "./may-with.ts";
import { RunMarks } from "./run-marks.ts";

/** Tools that run programs: code does not begin further ones. */
export const CODE_RUNNERS: ReadonlySet<string> = new Set([
  "run_javascript",
  "run_skill_script",
  "try_skill",
  "run_shell",
  "run_python",
  "install_package",
]);

const READ = "files.read";
const WRITE = "files.write";
/** The tools whose switch counts for files too: who wants to be asked before each is not gone around. */
const READ_TOOL = "read_file";
const WRITE_TOOL = "write_file";

const NOWHERE =
  "Code cannot run here: this Margay was started without a place for it. `npm start` has one, and so has every deployment with Dynamic Workers (Workers Paid).";

/** Runs code for tools, within what its caller may do: the same tools through the same gate, the same files. */
export class CodeRunner implements CodePort {
  constructor(private readonly deps: CodeRunDeps) {}

  readonly takeBack: CodePort["takeBack"] = (file, by) => this.deps.takeBack(file, by);

  async run(request: CodeRequest, caller: CodeCaller): Promise<CodeOutcome> {
    const { deps } = this;
    const runner = deps.runner();
    if (runner === null) throw new MargayError("not_configured", NOWHERE);
    deps.calls.forgetOld(deps.now());
    const turnId = caller.marks?.turnId ?? caller.turnId ?? null;
    const capabilities = narrowed(caller.profile, request.allow);
    const may = mayWith(deps, capabilities);
    /** Whether it has any of these capabilities, maybe of some folders only. */
    const has = (kind: string, tool: string): boolean =>
      deps.policy(tool) === null && (capabilities === null || capabilities.some((one) => one === kind || one.startsWith(`${kind}:`)));
    const tools = deps.toolsOf(turnId).filter(({ name }) => !CODE_RUNNERS.has(name) && (request.allow?.tools.includes(name) ?? true));
    const scope = { tools: tools.map(({ name }) => name), files: { read: has(READ, READ_TOOL), write: has(WRITE, WRITE_TOOL) } };
    const marks = new RunMarks(caller.marks, caller.tainted, capabilities, request.dry ?? false, turnId);
    const stop = new AbortController();
    const host = new CodeHost({
      ...deps,
      caller,
      marks,
      tools,
      dry: request.dry ?? false,
      mayRead: (path) => may(`${READ}:${path}`, READ_TOOL),
      mayWrite: (path) => may(`${WRITE}:${path}`, WRITE_TOOL),
      stop: () => stop.abort(),
    });
    try {
      return await this.#result(runner, request, caller, { host, marks, turnId, scope, stop });
    } catch (error) {
      // Its calls are over when it is, and what it read before is read, however it ended.
      await host.settled();
      throw withRead(error, marks.result());
    }
  }

  async #result(
    runner: JavascriptRunner,
    request: CodeRequest,
    caller: CodeCaller,
    { host, marks, turnId, scope, stop }: Running,
  ): Promise<CodeOutcome> {
    const { deps } = this;
    const modules = {
      ...(await importedModules(request.code, {
        known: request.modules ?? {},
        own: (name) => deps.module(name),
        file: async (path) => (deps.files.at(path) === null ? null : Buffer.from((await read(host, path)) ?? "", "base64")),
      })),
    };
    const result = await this.#metered(runner, turnId, () =>
      runner.run(
        {
          code: request.code,
          modules,
          scope,
          input: request.input,
          limits: { ...DEFAULT_LIMITS, wallMs: request.wallMs, cpuMs: Math.min(DEFAULT_LIMITS.cpuMs, request.wallMs) },
        },
        host,
        AbortSignal.any([caller.signal, stop.signal]),
      ),
    );
    await host.settled();
    caller.signal.throwIfAborted();
    if (host.otherWay)
      throw new MargayError(
        "conflict",
        "The run was interrupted, and begun again the code called something else than before. What it did before stays; look at that first.",
      );
    // Before anything is written: it may be no JSON at all.
    const value = valueOf(result.value);
    const write = result.ended === "done" && request.dry === undefined;
    const files = write ? await this.#write(host, marks, caller) : [];
    const { value: _text, loads, ...rest } = result;
    return {
      ...rest,
      value,
      files,
      notWritten: write ? [] : [...host.written.keys()],
      waiting: host.waiting,
      calls: host.calls,
      ...marks.result(),
      microUsd: loads * runner.microUsd,
    };
  }

  /** Each load costs, and a cap that is reached counts for it as for a model's call. */
  async #metered(runner: JavascriptRunner, turnId: string | null, run: () => Promise<RunResult>): Promise<RunResult> {
    const { budget, now } = this.deps;
    if (runner.microUsd === 0) return run();
    const promised = budget.reserve(MOST_LOADS * runner.microUsd);
    if (!promised.ok) throw new MargayError("budget_exceeded", promised.message);
    const began = now();
    let loads = MOST_LOADS;
    try {
      const result = await run();
      loads = result.loads;
      return result;
    } finally {
      bookLoad(budget, {
        agent: "code",
        at: began,
        microUsd: loads * runner.microUsd,
        reservationId: promised.reservation.id,
        turnId: turnId ?? "",
        durationMs: now() - began,
      });
    }
  }

  /** All of its files or none. */
  async #write(host: CodeHost, marks: RunMarks, { callId, keep }: CodeCaller): Promise<WrittenFile[]> {
    const untrusted = marks.result().untrusted ?? (marks.tainted ? "written where content from outside was read" : null);
    const files: WrittenFile[] = [];
    try {
      for (const [path, bytes] of host.written) {
        const { id, version, before } = await this.deps.files.write(
          path,
          bytes,
          { author: "agent", untrusted, key: `${callId}:${path}` },
          null,
        );
        files.push({ path, written: id, version, before });
        keep?.({ files });
      }
    } catch (error) {
      const left: WrittenFile[] = [];
      for (const file of files.toReversed()) {
        try {
          this.deps.takeBack(file, { author: "agent", untrusted, key: null });
        } catch (changed) {
          // The user changed it meanwhile: it stays theirs, and the others go back all the same.
          if (!(changed instanceof MargayError)) throw changed;
          left.unshift(file);
        }
      }
      keep?.(left.length === 0 ? null : { files: left });
      throw error;
    }
    return files;
  }
}

/** A run that is under way. */
interface Running {
  host: CodeHost;
  marks: RunMarks;
  turnId: string | null;
  scope: RunScope;
  stop: AbortController;
}

/** A code is read in three ways at most. */
const MOST_LOADS = 3;

/** What the isolate gave as JSON; what is none, or could not be written as such again, is a text. */
function valueOf(text: string | null): unknown {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return value;
  } catch {
    return text;
  }
}

async function read(host: CodeHost, path: string): Promise<string | null> {
  const answer = await host.ask({ kind: "read", path });
  return answer.ok ? String(answer.value) : null;
}

/** What both allow; null: no profile says anything. */
function narrowed(profile: readonly string[] | null, allow: CodeAllowance | undefined): readonly string[] | null {
  if (allow === undefined) return profile;
  if (profile === null) return allow.capabilities;
  const within = (inner: readonly string[], outer: readonly string[]): string[] =>
    inner.filter((one) => outer.some((have) => covers(have, one)));
  return [...new Set([...within(allow.capabilities, profile), ...within(profile, allow.capabilities)])];
}
