import { type ClientFrame, ServerFrame } from "../../channels/socket-protocol.ts";
import type { Connection } from "./chat-state.ts";

/** The part of a WebSocket that is used; tests pass one of their own. */
export interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface SocketHandlers {
  onOpen(): void;
  onMessage(data: unknown): void;
  onClose(): void;
}

export interface ChatSocketOptions {
  /** Opens a connection; the handlers are not called before this returns. */
  open(handlers: SocketHandlers): SocketLike;
  onFrame(frame: ServerFrame): void;
  onConnection(connection: Connection): void;
  /** A connection that never opened: the caller finds out whether the sign-in is still good. */
  onRefused(): void;
  /** From 0 to below 1. */
  random(): number;
  setTimer(work: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
}

/** A browser's WebSocket to `url`. */
export function openWebSocket(url: string, handlers: SocketHandlers): SocketLike {
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => handlers.onOpen());
  socket.addEventListener("message", (event: MessageEvent<unknown>) => handlers.onMessage(event.data));
  socket.addEventListener("close", () => handlers.onClose());
  return socket;
}

const OPEN = 1;
export const FIRST_DELAY = 500;
export const LONGEST_DELAY = 15_000;
/** How often a quiet connection is tried, and how long the answer may take. */
export const PING_EVERY = 25_000;
export const PONG_WITHIN = 10_000;

/** Milliseconds to wait before attempt `attempt` (from 1): doubling, half of it random, so that many pages do not come back together. */
export const backoff = (attempt: number, random: number): number =>
  Math.round(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt - 1, 10)) * (0.5 + random / 2));

/**
 * The connection to `GET /api/v1/chat/stream`: opens again by itself, with growing pauses; notices a dead connection by its
 * silence; hands over only frames that parse. What must be repeated after a drop is the caller's business (see `framesOnReady`).
 */
export class ChatSocket {
  #options: ChatSocketOptions;
  #socket: SocketLike | null = null;
  #attempt = 0;
  #opened = false;
  #retry: unknown = null;
  #heartbeat: unknown = null;
  #stopped = false;

  constructor(options: ChatSocketOptions) {
    this.#options = options;
  }

  /** Opens the connection, at once, if it is not open or opening. */
  connect(): void {
    this.#stopped = false;
    this.#options.clearTimer(this.#retry);
    this.#retry = null;
    if (this.#socket !== null) return;
    this.#opened = false;
    const socket = this.#options.open({
      onOpen: () => {
        if (this.#socket !== socket) return;
        this.#opened = true;
        this.#expectFrames();
      },
      onMessage: (data) => {
        if (this.#socket === socket) this.#receive(data);
      },
      onClose: () => this.#lost(socket),
    });
    this.#socket = socket;
  }

  /** Sends a frame if the connection is open; says whether it went out. */
  send(frame: ClientFrame): boolean {
    if (this.#socket === null || this.#socket.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Tries now instead of after the pause: the network is back, or the page is looked at again. */
  hurry(): void {
    if (this.#stopped) return;
    if (this.#socket === null) this.connect();
    else if (this.#opened) this.#ping();
  }

  /** Closes for good. */
  stop(): void {
    this.#stopped = true;
    this.#options.clearTimer(this.#retry);
    this.#options.clearTimer(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    // From here on the handlers find that this is no longer the connection, and do nothing.
    socket?.close(1000, "bye");
  }

  #receive(data: unknown): void {
    this.#expectFrames();
    if (typeof data !== "string") return;
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    const frame = ServerFrame.safeParse(value);
    if (!frame.success) return;
    if (frame.data.type === "ready") {
      this.#attempt = 0;
      this.#options.onConnection("open");
    }
    this.#options.onFrame(frame.data);
  }

  #expectFrames(): void {
    this.#options.clearTimer(this.#heartbeat);
    this.#heartbeat = this.#options.setTimer(() => this.#ping(), PING_EVERY);
  }

  #ping(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.send({ type: "ping" });
    this.#options.clearTimer(this.#heartbeat);
    this.#heartbeat = this.#options.setTimer(() => {
      socket.close(4000, "no answer");
      this.#lost(socket);
    }, PONG_WITHIN);
  }

  #lost(socket: SocketLike): void {
    if (this.#socket !== socket || this.#stopped) return;
    this.#socket = null;
    this.#options.clearTimer(this.#heartbeat);
    this.#options.onConnection("lost");
    if (!this.#opened) this.#options.onRefused();
    if (this.#stopped) return;
    this.#attempt += 1;
    this.#retry = this.#options.setTimer(
      () => {
        this.#retry = null;
        this.connect();
      },
      backoff(this.#attempt, this.#options.random()),
    );
  }
}
