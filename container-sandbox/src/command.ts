import { StringDecoder } from "node:string_decoder";
import type { Ended, ExecEvent, ExecRequest } from "../../src/sandbox/linux/contract.ts";
import { type Egress, openEgress } from "./egress.ts";
import { Failure } from "./failure.ts";
import type { AgentMessage } from "./frames.ts";
import type { Listener } from "./link.ts";
import type { Session } from "./session.ts";
import { BASE_ENVIRONMENT } from "./wall.ts";
import { watch } from "./watcher.ts";

/** How long the agent may take to end a command's processes; after that the session itself is ended, which needs no agent. */
const GRACE_MS = 8_000;
/** The longest that a timer can wait; what ends a command is its own time. */
const LONGEST_MS = 2 ** 31 - 1;
/** Where programs find the way out, inside. */
const RELAY_PORT = 3_128;
/** What decides which program or library is loaded is not the request's to say: not for safety's sake, but so that `python3` stays what it is called. */
const RESERVED = /^(LD_|HOME$|PATH$|TMPDIR$|(https?|all|no)_proxy$|PYTHONHOME$|BASH_ENV$|ENV$)/i;

/** Hears what a command does. A promise it gives holds the command's output back until it is settled. */
export type Sink = (event: ExecEvent) => Promise<void> | void;

type Exited = Extract<AgentMessage, { exited: unknown }>["exited"];

/** One command of a session, from its start until nothing of it is left. */
export class Command {
  readonly id: string;
  readonly #session: Session;
  readonly #op: number;
  readonly #request: ExecRequest;
  #ended: Ended | null = null;
  #stopped: () => void = () => {};
  readonly #stop = new Promise<void>((resolve) => (this.#stopped = resolve));
  #printed = 0;
  #running = false;

  constructor(session: Session, op: number, request: ExecRequest) {
    this.id = `e${op}`;
    this.#session = session;
    this.#op = op;
    this.#request = request;
  }

  /** Answers when it is over; the last event was given to `sink` by then. */
  async run(sink: Sink, proxy: string | null): Promise<void> {
    const { inside, limits } = this.#session;
    const started = performance.now();
    const egress = await this.#wayOut(proxy);
    let wall: NodeJS.Timeout | undefined;
    let used = (): number => 0;
    try {
      if (this.#ended !== null) return;
      const exited = await this.#follow(sink, async () => {
        this.#running = true;
        wall = setTimeout(() => this.end("timeout"), Math.min(this.#request.timeoutMs, limits.wallMs));
        const watched = { pid: inside.process.pid, limits, folders: inside.folders(), memoryKills: () => inside.memoryKills() };
        used = watch(watched, (limit) => this.end(limit));
        await sink({ type: "start", execId: this.id });
        await this.#send(egress);
      });
      await sink(this.#exit(exited, Math.round(performance.now() - started), used()));
    } finally {
      this.#running = false;
      clearTimeout(wall);
      used();
      await egress?.close();
    }
  }

  /** Ends it with all it started. The first reason is the one that is told. */
  end(reason: Ended): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#stopped();
    if (this.#running) void this.#session.link.say({ do: "end" });
  }

  signal(name: string): void {
    if (name === "SIGKILL") this.end("killed");
    else void this.#session.link.say({ do: "signal", signal: name });
  }

  async stdin(data: Buffer, end: boolean): Promise<void> {
    if (this.#request.stdinOpen !== true) throw new Failure("conflict", "This command was started without an open input.");
    for (let at = 0; at < data.length; at += 65_536) await this.#session.link.send("I", data.subarray(at, at + 65_536));
    if (end) await this.#session.link.say({ do: "stdin-end" });
  }

  async #wayOut(proxy: string | null): Promise<Egress | null> {
    const network = this.#request.network ?? this.#session.network;
    if (network === "none") return null;
    const by = network.proxy ?? proxy;
    if (by === null)
      throw new Failure(
        "not_configured",
        "This sandbox has no way to the package registries: its server was started without SANDBOX_PROXY.",
      );
    return openEgress(this.#session.inside.egress.listen, network.hosts, by);
  }

  async #send(egress: Egress | null): Promise<void> {
    const { link, inside, limits, env } = this.#session;
    const request = this.#request;
    const relay = egress === null ? null : inside.egress.relay(RELAY_PORT);
    const address = egress === null ? null : `http://127.0.0.1:${relay === null ? egress.port : RELAY_PORT}`;
    await link.say({
      op: this.#op,
      do: "exec",
      argv: "argv" in request ? request.argv : ["/bin/bash", "-c", request.shell],
      cwd: request.cwd ?? null,
      env: environment(env, request.env ?? {}, address),
      stdinOpen: true,
      relay,
      limits: {
        // The agent, its first process and the relay count too.
        processes: limits.processes + 4,
        fileBytes: limits.fileBytes,
        openFiles: limits.openFiles,
        cpuSeconds: limits.cpuSeconds + 2,
        memoryBytes: limits.memoryBytes,
      },
    });
    const input = request.stdinBase64 !== undefined ? Buffer.from(request.stdinBase64, "base64") : Buffer.from(request.stdin ?? "", "utf8");
    // Not waited for: a command that does not read must not keep its output from being heard.
    void (async () => {
      for (let at = 0; at < input.length && this.#running; at += 65_536) await link.send("I", input.subarray(at, at + 65_536));
      if (request.stdinOpen !== true) await link.say({ do: "stdin-end" });
    })();
  }

  /** Starts it and passes its output on until the agent says that it is over; null when the session broke. */
  async #follow(sink: Sink, begin: () => Promise<void>): Promise<Exited | null> {
    const session = this.#session;
    const print = printer(this.#request.output ?? "text", sink);
    const heard: { exited: Exited | null } = { exited: null };
    const late = this.#stop.then(() => setTimeout(() => heard.exited ?? void session.end(), GRACE_MS).unref());
    const listener: Listener = {
      data: (kind, bytes) => {
        if (kind === "Z") throw new Error("no command prints a zip");
        if (this.#ended !== null) return;
        const room = session.limits.outputBytes - this.#printed;
        this.#printed += bytes.length;
        const written = print(kind, bytes.subarray(0, Math.max(0, room)));
        if (bytes.length > room) this.end("output");
        // A listener that has stopped listening must not keep the end from being heard.
        return Promise.race([written, this.#stop]);
      },
      message: (message) => {
        if (!("op" in message) || message.op !== this.#op) throw new Error("an answer to something else");
        if ("exited" in message) heard.exited = message.exited;
        else if ("failed" in message) heard.exited = notStarted(message.failed, print);
        else if (!("started" in message)) throw new Error("not an answer to a command");
      },
    };
    try {
      await session.ask(LONGEST_MS, begin, listener, (message) => "exited" in message || "failed" in message);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return null;
    } finally {
      void late.then(clearTimeout);
    }
    if (heard.exited?.clean === false) await session.end();
    await Promise.race([print.flush(), this.#stop]);
    return heard.exited;
  }

  #exit(exited: Exited | null, wallMs: number, cpuMs: number): ExecEvent {
    const base = { type: "exit" as const, wallMs, cpuMs };
    if (exited === null) return { ...base, code: null, signal: null, ended: this.#ended ?? "gone" };
    const { code, signal } = exited;
    if (this.#ended !== null) return { ...base, code: null, signal, ended: this.#ended };
    if (signal === "SIGXCPU") return { ...base, code, signal, ended: "cpu" };
    return { ...base, code, signal, ended: "exit" };
  }
}

function environment(session: Record<string, string>, request: Record<string, string>, proxy: string | null): Record<string, string> {
  const own = Object.fromEntries(Object.entries({ ...session, ...request }).filter(([name]) => !RESERVED.test(name)));
  const way: Record<string, string> =
    proxy === null ? {} : { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy };
  return { ...BASE_ENVIRONMENT, ...own, ...way };
}

interface Printer {
  (kind: "O" | "E", bytes: Buffer): Promise<void>;
  flush(): Promise<void>;
}

/** Bytes to events; letters that come in two pieces are put together. */
function printer(output: "text" | "base64", sink: Sink): Printer {
  const decoders = { O: new StringDecoder("utf8"), E: new StringDecoder("utf8") };
  const say = async (kind: "O" | "E", chunk: { text: string } | { base64: string }): Promise<void> => {
    if ("text" in chunk && chunk.text === "") return;
    await sink(kind === "O" ? { type: "stdout", ...chunk } : { type: "stderr", ...chunk });
  };
  const print = async (kind: "O" | "E", bytes: Buffer): Promise<void> => {
    if (bytes.length === 0) return;
    await say(kind, output === "base64" ? { base64: bytes.toString("base64") } : { text: decoders[kind].write(bytes) });
  };
  const flush = async (): Promise<void> => {
    await say("O", { text: decoders.O.end() });
    await say("E", { text: decoders.E.end() });
  };
  return Object.assign(print, { flush });
}

/** As a shell says it. */
function notStarted(why: string, print: Printer): Exited {
  const [code, words] =
    why === "no-folder"
      ? [126, "the folder to run in is not there\n"]
      : why === "not-found"
        ? [127, "command not found\n"]
        : [126, "the command cannot be run\n"];
  void print("E", Buffer.from(words));
  return { code, signal: null, clean: true };
}
