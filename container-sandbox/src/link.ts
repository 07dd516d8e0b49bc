import type { Readable, Writable } from "node:stream";
import { type AgentMessage, agentMessage, BadFrame, type Frame, frame, type FrameKind, FrameReader } from "./frames.ts";

/** Hears what an operation's agent says. While a promise it gave is open, nothing more is read: a slow listener slows the agent. */
export interface Listener {
  data(kind: "O" | "E" | "Z", bytes: Buffer): Promise<void> | void;
  message(message: AgentMessage): void;
}

/**
 * The line to the agent of one session. `broken` is called once, when the line is over or when something came that no agent says; nothing is heard afterwards.
 */
export class Link {
  #listener: Listener | null = null;
  #broken = false;
  readonly #sink: Writable;
  readonly #onBroken: (error: unknown) => void;

  constructor(source: Readable, sink: Writable, onBroken: (error: unknown) => void) {
    this.#sink = sink;
    this.#onBroken = onBroken;
    sink.on("error", (error) => this.#break(error));
    void this.#read(source);
  }

  /** Who hears from now on. What comes while nobody does is a forgery. */
  listen(listener: Listener | null): void {
    this.#listener = listener;
  }

  /** Waits while much is on its way. */
  async send(kind: FrameKind, payload: Uint8Array): Promise<void> {
    if (this.#broken) return;
    if (this.#sink.write(frame(kind, payload))) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        this.#sink.off("drain", settle);
        this.#sink.off("close", settle);
        resolve();
      };
      this.#sink.on("drain", settle);
      this.#sink.on("close", settle);
    });
  }

  say(message: Record<string, unknown>): Promise<void> {
    return this.send("J", Buffer.from(JSON.stringify(message), "utf8"));
  }

  async #read(source: Readable): Promise<void> {
    const reader = new FrameReader();
    try {
      for await (const data of source) {
        for (const one of reader.take(data as Buffer)) await this.#hear(one);
        if (this.#broken) return;
      }
      this.#break(new BadFrame("the line ended"));
    } catch (error) {
      this.#break(error);
    }
  }

  async #hear({ kind, payload }: Frame): Promise<void> {
    if (this.#listener === null) throw new BadFrame("nobody asked");
    if (kind === "J") this.#listener.message(agentMessage(payload));
    else if (kind !== "I") await this.#listener.data(kind, payload);
  }

  #break(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#listener = null;
    this.#onBroken(error);
  }
}
