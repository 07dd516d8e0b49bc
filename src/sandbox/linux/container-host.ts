import { MargayError } from "../../errors.ts";
import { SANDBOX_ERRORS, type SandboxErrorCode } from "./contract.ts";
import { taskOfSession } from "./session-name.ts";
import { EGRESS_HEADER, type EgressAnswer, type EgressPass, judgeEgress, readPass } from "./egress-pass.ts";

/** Where the server in the container listens. */
const PORT = 8080;
/**
 * Until a container that nobody uses is put to sleep, milliseconds: what was in it is gone then, and nothing is paid for it. A task's ends with the task, so this is for one that waits for a model or an answer; of a
 * conversation nobody knows when it is over.
 */
export const sleepAfterMs = (session: string): number => (taskOfSession(session) === null ? 5 : 10) * 60_000;
/** Between looks whether the server answers, and how many: an image that is fetched for the first time takes its time. */
const LOOK_MS = 250;
const LOOKS = 240;
/** How long a container may take to start, milliseconds. */
export const START_MS = LOOKS * LOOK_MS;

/** A use takes no longer, a container's start and the longest command together: the object that asked may be gone, and nobody tells that nobody reads its answer any more. */
const MOST_USE_MS = START_MS + 14 * 60_000;

/** A request to the container that is under way. */
interface Use {
  since: number;
  /** What it may reach meanwhile; null: nothing. */
  pass: EgressPass | null;
}

/** The part of `ctx.container` that is used. */
export interface ContainerPort {
  readonly running: boolean;
  start(options: { env: Record<string, string>; enableInternet: boolean }): void;
  destroy(): Promise<void>;
  /** Sends a request to a port of the container; fails while nothing listens there. */
  fetch(port: number, request: Request): Promise<Response>;
}

export interface ContainerHostDeps {
  container: ContainerPort;
  /** The token of the server in the container that runs: it outlives this object's life in memory. */
  token: { get(): string | null; set(token: string): void };
  newToken(): string;
  /** Before the container starts: what its requests to the outside come to. */
  intercept(): Promise<void>;
  /** Wakes the object for {@link ContainerHost.tidy}. */
  wakeAt(at: number): Promise<void>;
  sleep(ms: number): Promise<void>;
  now(): number;
  /** The name of what it is for: `task:<id>`, `conversation:<id>`, `skill:<name>`. */
  session: string;
}

/** One container with the sandbox server in it: started when it is needed, asked through its own token, ended when nobody uses it. */
export class ContainerHost {
  #starting: Promise<void> | null = null;
  #ending: Promise<void> | null = null;
  #usedAt = 0;
  readonly #sleepAfterMs: number;
  /** In memory only: a command does not outlive this object's life in it. */
  readonly #uses = new Set<Use>();

  constructor(private readonly deps: ContainerHostDeps) {
    this.#sleepAfterMs = sleepAfterMs(deps.session);
  }

  /** Whether a request of the container may leave, at this moment. */
  judge(address: string): EgressAnswer {
    return judgeEgress(
      address,
      this.#under().flatMap(({ pass }) => pass ?? []),
    );
  }

  async fetch(request: Request): Promise<Response> {
    const { container, now } = this.deps;
    // A session ends with its container: none is started, and paid for, to end one.
    if (request.method === "DELETE" && !container.running && this.#starting === null) return new Response(null, { status: 204 });
    const use: Use = { since: now(), pass: readPass(request.headers.get(EGRESS_HEADER)) };
    const over = (): void => {
      if (this.#uses.delete(use)) this.#usedAt = now();
    };
    this.#uses.add(use);
    let open = false;
    try {
      await this.#started();
      const response = await container.fetch(PORT, this.#signed(request));
      if (request.method === "DELETE" && response.ok) {
        await response.body?.cancel();
        over();
        await this.#sessionEnded();
        return new Response(null, { status: 204 });
      }
      if (response.body === null) return response;
      // A command runs as long as its answer does.
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      open = true;
      void response.body.pipeTo(writable).then(over, over);
      return new Response(readable, response);
    } catch (error) {
      if (error instanceof MargayError) return refused("internal", error.message);
      return refused("gone", "The container ended. What was in it is lost; your files are as they were.");
    } finally {
      if (!open) over();
      await this.#plan();
    }
  }

  /** The object was woken: a container that nobody used for long ends. Gives whether it is over. */
  async tidy(): Promise<boolean> {
    const { container, now } = this.deps;
    if (!container.running) return true;
    if (this.#under().length > 0 || this.#usedAt + this.#sleepAfterMs > now()) {
      await this.#plan();
      return false;
    }
    await this.#end();
    return true;
  }

  /** A task has one session: with it, nothing is left that anybody would come back to. Programs of a skill have one each, and another may stand between its requests. */
  async #sessionEnded(): Promise<void> {
    if (taskOfSession(this.deps.session) !== null && this.#under().length === 0) await this.#end();
  }

  /** Who comes meanwhile waits, and starts another. */
  #end(): Promise<void> {
    this.#ending ??= this.deps.container.destroy().finally(() => (this.#ending = null));
    return this.#ending;
  }

  /** What is under way. */
  #under(): Use[] {
    for (const use of this.#uses) if (use.since + MOST_USE_MS < this.deps.now()) this.#uses.delete(use);
    return [...this.#uses];
  }

  #plan(): Promise<void> {
    return this.deps.wakeAt(this.deps.now() + this.#sleepAfterMs);
  }

  async #started(): Promise<void> {
    await this.#ending;
    if (this.deps.container.running && this.#starting === null && this.deps.token.get() !== null) return;
    this.#starting ??= this.#start().finally(() => (this.#starting = null));
    await this.#starting;
  }

  async #start(): Promise<void> {
    const { container, token, newToken, intercept, sleep } = this.deps;
    // One whose token nobody knows answers nobody.
    if (container.running) await container.destroy();
    const secret = newToken();
    token.set(secret);
    await intercept();
    container.start({
      env: {
        SANDBOX_TOKEN: secret,
        SANDBOX_HOST: "0.0.0.0",
        SANDBOX_PORT: String(PORT),
        SANDBOX_ISOLATION: "container",
        SANDBOX_PROXY: "direct",
      },
      // Nothing leaves but what is intercepted, and that is judged request by request.
      enableInternet: false,
    });
    for (let look = 0; look < LOOKS; look++) {
      const answer = await container.fetch(PORT, new Request("http://sandbox/health")).catch(() => null);
      if (answer?.ok === true) return;
      await sleep(LOOK_MS);
    }
    await container.destroy().catch(() => undefined);
    throw new MargayError("internal", "The container did not start. Try again in a minute.");
  }

  #signed(request: Request): Request {
    const { pathname, search } = new URL(request.url);
    const signed = new Request(new URL(`${pathname}${search}`, "http://sandbox"), request);
    signed.headers.delete(EGRESS_HEADER);
    signed.headers.set("authorization", `Bearer ${this.deps.token.get() ?? ""}`);
    return signed;
  }
}

const refused = (code: SandboxErrorCode, message: string): Response =>
  Response.json({ error: { code, message } }, { status: SANDBOX_ERRORS[code] });
