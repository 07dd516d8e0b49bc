import type { GateCase } from "./gate-case.ts";

/** Which call of the case is the next, and which one a call of the agent is. */
export class Playback {
  /** Ids of the agent's calls, in the order of the case. */
  readonly #made: string[] = [];
  constructor(private readonly calls: GateCase["calls"]) {}

  /** The call that the model makes now; null: there is none left. */
  next(): GateCase["calls"][number] | null {
    return this.calls[this.#made.length] ?? null;
  }

  /** The agent has taken a call. The same id again is a repeat of it, not the next one. */
  made(callId: string): void {
    if (!this.#made.includes(callId)) this.#made.push(callId);
  }

  /** What the case says that this call answers; null: the case does not know it. */
  resultOf(callId: string): unknown {
    return this.calls[this.#made.indexOf(callId)]?.result ?? null;
  }

  /** The agent's id of a call of the case; null: it was never made. */
  idOf(index: number): string | null {
    return this.#made[index] ?? null;
  }

  get count(): number {
    return this.#made.length;
  }
}
