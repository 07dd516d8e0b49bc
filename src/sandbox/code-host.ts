import { MargayError } from "../errors.ts";
import { canonical } from "../permission/canonical.ts";
import type { CompiledTool, ToolOutcome } from "../tools/compiled-tool.ts";
import { folderPath, isWithin } from "../workspace/path.ts";
import { sizeOf } from "../workspace/size-of.ts";
import type { CodeCaller, CodeRunDeps, WaitingCall } from "./code-run.ts";
import type { HostAnswer, HostRequest, RunHost } from "./javascript.ts";
import { textOfFile } from "./read-text.ts";
import type { RunMarks } from "./run-marks.ts";

/** Of one run. */
export const MAX_CALLS = 200;
/** Calls of one run about which a person is asked: more than that nobody looks at. */
export const MAX_ASKED = 10;
const MAX_READ_BYTES = 16_000_000;
/** Of all that is read, and requests for files of one run: each answer is in this object's memory until the code has taken it. */
const MAX_READ_IN_ALL = 256_000_000;
const MAX_FILE_REQUESTS = 5_000;
const MAX_WRITTEN_BYTES = 32_000_000;
const MAX_WRITTEN = 200;
const MAX_LISTED = 2_000;

export interface CodeHostDeps extends Pick<CodeRunDeps, "files" | "calls" | "hash" | "now"> {
  caller: CodeCaller;
  marks: RunMarks;
  tools: readonly CompiledTool[];
  /** Whether a path may be read or written. */
  mayRead(path: string): boolean;
  mayWrite(path: string): boolean;
  /** It is only tried. */
  dry: boolean;
  /** Ends the run: it is not the one that it was before. */
  stop(): void;
}

/** What a run asks for, answered: tools through the gate, with the marks of that moment; files that are read, and those that it wants to write, kept until it has ended well. */
export class CodeHost implements RunHost {
  #calls = 0;
  /** The code took another way than before it was cut off. */
  otherWay = false;
  readonly waiting: WaitingCall[] = [];
  readonly written = new Map<string, Uint8Array>();
  readonly #open = new Set<Promise<unknown>>();
  /** Files are read one after the other: of many at once the object would hold all. */
  #reading: Promise<unknown> = Promise.resolve();
  #readBytes = 0;
  #fileRequests = 0;
  /** Calls about which a person is asked, or will be. */
  #asked = 0;

  constructor(private readonly deps: CodeHostDeps) {}

  get calls(): number {
    return this.#calls;
  }

  async ask(request: HostRequest): Promise<HostAnswer> {
    try {
      if (request.kind !== "tool" && ++this.#fileRequests > MAX_FILE_REQUESTS)
        throw new MargayError("payload_too_large", `A run asks for files at most ${MAX_FILE_REQUESTS.toLocaleString("en")} times.`);
      switch (request.kind) {
        case "tool":
          return await this.#tool(request.name, request.input);
        case "read":
          return { ok: true, value: await this.#inTurn(async () => Buffer.from(await this.#read(request.path)).toString("base64")) };
        case "text":
          return { ok: true, value: await this.#inTurn(async () => textOfFile(request.path, await this.#read(request.path))) };
        case "list":
          return { ok: true, value: this.#list(request.path) };
        case "write":
          return { ok: true, value: this.#write(request.path, request.base64) };
      }
    } catch (error) {
      if (error instanceof MargayError) return refusal(request.kind === "tool" ? "ToolFailed" : "FileError", error.message);
      throw error;
    }
  }

  /** When nothing is under way any more: what the code did not wait for counts too. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.allSettled(this.#open);
  }

  async #tool(name: string, input: unknown): Promise<HostAnswer> {
    const { caller, calls, hash, now, marks, tools } = this.deps;
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) return refusal("ToolFailed", `There is no tool named ${name.slice(0, 100)} here.`);
    if (this.#calls >= MAX_CALLS) return refusal("ToolFailed", `A run calls at most ${MAX_CALLS} tools.`);
    const id = `${caller.callId}.${++this.#calls}`;
    if (!calls.note(id, hash(canonical({ tool: name, input })), now())) {
      this.otherWay = true;
      this.deps.stop();
      return refusal("ToolFailed", "This is not the call that was made before.");
    }
    const made = { ...marks.now(this.#open.size), id, input, signal: caller.signal };
    const asks = tool.foresee?.(made).kind === "ask";
    if (asks && this.deps.dry) return refusal("Denied", "The user would be asked about this. It is only tried, and a trial asks nobody.");
    if (asks && this.#asked >= MAX_ASKED)
      return refusal(
        "ToolFailed",
        `${MAX_ASKED} calls of this run wait for the user already, and this one is not asked about. Wait for their answers.`,
      );
    this.#asked += Number(asks);
    const call = tool.call(made);
    this.#open.add(call);
    let outcome: ToolOutcome;
    try {
      outcome = await call;
    } finally {
      this.#open.delete(call);
    }
    if (asks && outcome.status !== "waiting") this.#asked--;
    // Before the code hears of it.
    marks.read(outcome);
    if (outcome.status === "done") return { ok: true, value: outcome.output };
    if (outcome.status === "denied") return refusal("Denied", outcome.summary);
    if (outcome.status === "failed") return refusal("ToolFailed", failureOf(outcome));
    const why = whyOf(outcome);
    this.waiting.push({ tool: name, approval: outcome.approvalId, why });
    return refusal("WaitsForApproval", `${name} is not done yet: the user is asked. ${why}`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#reading.then(work);
    this.#reading = mine.catch(() => undefined);
    return mine;
  }

  async #read(path: string): Promise<Uint8Array> {
    const at = folderPath(path);
    if (!this.deps.mayRead(at)) throw new MargayError("forbidden", `${at} may not be read here.`);
    const own = this.written.get(at);
    if (own) return own;
    const file = this.deps.files.at(at);
    if (file === null) throw new MargayError("not_found", `There is no file ${at}.`);
    if (file.size > MAX_READ_BYTES)
      throw new MargayError("payload_too_large", `${at} has ${sizeOf(file.size)}; code reads files of up to ${sizeOf(MAX_READ_BYTES)}.`);
    this.#readBytes += file.size;
    if (this.#readBytes > MAX_READ_IN_ALL) throw new MargayError("payload_too_large", `A run reads at most ${sizeOf(MAX_READ_IN_ALL)}.`);
    const bytes = await this.deps.files.read(at);
    // It may have become another one while it was read.
    if ((file.untrusted ?? this.deps.files.at(at)?.untrusted ?? null) !== null) this.deps.marks.readFrom(`file ${at}`);
    return bytes;
  }

  #list(path: string): { path: string; size: number; updated: string }[] {
    const folder = folderPath(path);
    const found = this.deps.files
      .within(folder)
      .filter((file) => this.deps.mayRead(file.path))
      .slice(0, MAX_LISTED);
    // Names are words too.
    const outside = found.find(({ untrusted }) => untrusted !== null);
    if (outside) this.deps.marks.readFrom(`file ${outside.path}`);
    const own = [...this.written].filter(([at]) => isWithin(at, folder) && !found.some((file) => file.path === at));
    return [
      ...found.map((file) => ({
        path: file.path,
        size: this.written.get(file.path)?.byteLength ?? file.size,
        updated: new Date(file.updatedAt).toISOString(),
      })),
      ...own.map(([at, bytes]) => ({ path: at, size: bytes.byteLength, updated: new Date(this.deps.now()).toISOString() })),
    ];
  }

  #write(path: string, base64: string): null {
    const at = folderPath(path);
    if (!this.deps.mayWrite(at)) throw new MargayError("forbidden", `${at} may not be written here.`);
    const refused = this.deps.files.refusal(at);
    if (refused !== null) throw new MargayError("invalid_request", `${at}: ${refused}`);
    const bytes = new Uint8Array(Buffer.from(base64, "base64"));
    const others = [...this.written].filter(([other]) => other !== at);
    if (others.length >= MAX_WRITTEN) throw new MargayError("payload_too_large", `A run writes at most ${MAX_WRITTEN} files.`);
    if (others.reduce((sum, [, other]) => sum + other.byteLength, bytes.byteLength) > MAX_WRITTEN_BYTES)
      throw new MargayError("payload_too_large", `A run writes at most ${sizeOf(MAX_WRITTEN_BYTES)}.`);
    this.written.set(at, bytes);
    return null;
  }
}

const refusal = (name: string, message: string): HostAnswer => ({ ok: false, error: { name, message } });

function whyOf({ output }: ToolOutcome): string {
  return typeof output === "object" && output !== null && "why" in output ? String(output.why) : "";
}

function failureOf({ output, summary }: ToolOutcome): string {
  return typeof output === "object" && output !== null && "error" in output ? String(output.error) : summary;
}
