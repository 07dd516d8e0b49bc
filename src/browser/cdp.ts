import { z } from "zod";
import { MargayError } from "../errors.ts";

/** The wire to a browser: DevTools protocol messages as text. */
export interface CdpSocket {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Where browsers come from. Expected refusals throw `MargayError`. */
export interface BrowserHost {
  /** Starts one, which ends by itself when nobody speaks to it for a while. */
  launch(): Promise<{ id: string; socket: CdpSocket }>;
  /** Ends one; none of that id is no error. */
  end(id: string): Promise<void>;
}

export interface CdpEvent {
  method: string;
  params: unknown;
  /** The target that it is about; absent: the browser itself. */
  session: string | undefined;
}

/** The browser said no to a command; its words are ours to read, never a page's. */
export class CdpRefusal extends Error {}

const Message = z.union([
  z.object({ id: z.number(), result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() }),
  z.object({ method: z.string(), params: z.unknown(), sessionId: z.string().optional() }),
]);

const TIMEOUT_MS = 20_000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

/** One connection to one browser (https://chromedevtools.github.io/devtools-protocol/). */
export class Cdp {
  #last = 0;
  #closed = false;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: ((event: CdpEvent) => void)[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(private readonly socket: CdpSocket) {
    socket.onMessage((text) => this.#receive(text));
    socket.onClose(() => this.#end());
  }

  get closed(): boolean {
    return this.#closed;
  }

  on(listener: (event: CdpEvent) => void): void {
    this.#listeners.push(listener);
  }

  onEnd(listener: () => void): void {
    this.#ends.push(listener);
  }

  close(): void {
    this.socket.close();
    this.#end();
  }

  /** Throws {@link CdpRefusal} when the browser refuses, `gone` when it is not there any more. */
  async ask<Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    session?: string,
  ): Promise<z.output<Schema>> {
    return schema.parse(await this.#send(method, params, session));
  }

  async send(method: string, params: Readonly<Record<string, unknown>> = {}, session?: string): Promise<void> {
    await this.#send(method, params, session);
  }

  #send(method: string, params: Readonly<Record<string, unknown>>, session?: string): Promise<unknown> {
    if (this.#closed) return Promise.reject(gone());
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new MargayError("gone", "The browser does not answer."));
      }, TIMEOUT_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.socket.send(JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) }));
    });
  }

  #receive(text: string): void {
    const message = Message.parse(JSON.parse(text));
    if (!("id" in message)) {
      for (const listener of this.#listeners) listener({ method: message.method, params: message.params, session: message.sessionId });
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.error === undefined) waiting.resolve(message.result);
    else waiting.reject(new CdpRefusal(message.error.message));
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(gone());
    }
    this.#waiting.clear();
    for (const end of this.#ends) end();
  }
}

const gone = (): MargayError => new MargayError("gone", "The browser was closed.");
