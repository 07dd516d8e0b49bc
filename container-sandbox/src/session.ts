import type { Limits, Network } from "../../src/sandbox/linux/contract.ts";
import { ENDED_SESSION, Failure } from "./failure.ts";
import type { AgentMessage } from "./frames.ts";
import { Link, type Listener } from "./link.ts";
import type { Inside, Wall } from "./wall.ts";

const START_MS = 15_000;

export interface SessionOptions {
  id: string;
  limits: Limits;
  env: Record<string, string>;
  network: Network;
}

/** One sandbox with its agent. One operation at a time; whatever goes wrong with the agent ends the session, and only that. */
export class Session {
  readonly id: string;
  readonly limits: Limits;
  readonly env: Record<string, string>;
  readonly network: Network;
  readonly inside: Inside;
  readonly link: Link;
  /** Resolves when the session has broken or was ended, before its processes are known to be gone. */
  readonly broken: Promise<void>;
  #busy = false;
  #op = 0;
  #ended: Promise<void> | null = null;
  #breaking: () => void = () => {};

  static async start(wall: Wall, options: SessionOptions): Promise<Session> {
    const session = new Session(await wall.start(options.id, options.limits), options);
    const ready = await session.#listenOnce(START_MS, (message) => "ready" in message);
    if (!ready) {
      await session.end();
      throw new Failure(
        "internal",
        "The sandbox did not start. Its server's machine may not allow what it needs; GET /health says what it is.",
      );
    }
    return session;
  }

  private constructor(inside: Inside, { id, limits, env, network }: SessionOptions) {
    this.id = id;
    this.limits = limits;
    this.env = env;
    this.network = network;
    this.inside = inside;
    this.broken = new Promise((resolve) => (this.#breaking = resolve));
    this.link = new Link(inside.source, inside.sink, () => void this.end());
    inside.process.once("exit", () => void this.end());
  }

  get alive(): boolean {
    return this.#ended === null;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Takes the session for one operation; answers its number. Must be given back. */
  take(): number {
    if (!this.alive) throw ENDED_SESSION();
    if (this.#busy) throw new Failure("conflict", "This session is busy with something else. One thing at a time.");
    this.#busy = true;
    return ++this.#op;
  }

  give(): void {
    this.#busy = false;
    this.link.listen(null);
  }

  /**
   * Asks the agent something and hears its answer until `over` says that it is complete. Ends the session when that takes longer than `ms`.
   * @throws Failure `gone` when the session breaks.
   */
  async ask(ms: number, send: () => Promise<void>, listener: Listener, over: (message: AgentMessage) => boolean): Promise<void> {
    const answered = this.#listenOnce(ms, over, listener);
    await send();
    if (await answered) return;
    await this.end();
    throw ENDED_SESSION();
  }

  /** Ends everything in it. Safe to call again. */
  end(): Promise<void> {
    if (this.#ended === null) {
      this.#ended = this.inside.end();
      this.link.listen(null);
      this.#breaking();
    }
    return this.#ended;
  }

  /** False when it broke or took too long. */
  async #listenOnce(ms: number, over: (message: AgentMessage) => boolean, listener?: Listener): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
      this.link.listen({
        data: (kind, bytes) => {
          if (listener === undefined) throw new Error("data that nobody asked for");
          return listener.data(kind, bytes);
        },
        message: (message) => {
          listener?.message(message);
          if (!over(message)) return;
          // What comes behind the end is no part of it.
          this.link.listen(null);
          resolve(true);
        },
      });
    });
    try {
      return await Promise.race([answered, this.broken.then(() => false)]);
    } finally {
      clearTimeout(timer);
    }
  }
}
