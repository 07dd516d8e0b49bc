import type { StepStore } from "../db/object/steps.ts";
import { type Log, whereOf } from "../log.ts";
import type { Journal } from "./journal.ts";

/** Waits up to this long are waited for in memory; longer ones unwind the turn until an alarm starts it again. */
export const SHORT_WAIT_MS = 15_000;

/** Unwinds a turn that waits. No Error, so that nothing mistakes it for one. */
class Waiting {
  constructor(readonly until: number) {}
}

/** Unwinds a turn that was cancelled. */
class Cancelled {
  readonly reason = "cancelled";
}

/** Unwinds a turn that waits for something whose time nobody knows: who knows of it starts the turn again. */
class Parked {
  readonly reason = "parked";
}

/** Unwinds the turn until it is started again. To be called in its body only. */
export function park(): never {
  throw new Parked();
}

/** Whether a thrown value is a signal of this file, which must pass through everything between. */
export const isSignal = (thrown: unknown): boolean => thrown instanceof Waiting || thrown instanceof Cancelled || thrown instanceof Parked;

export interface RunsDeps {
  steps: StepStore;
  /** The turn itself. Called again from its beginning after a crash or a wait; its finished steps are in the journal. */
  body(turnId: string, journal: Journal): Promise<void>;
  /** Starts the turn again at an instant, durably. */
  wakeAt(turnId: string, at: number): Promise<void>;
  /** A turn was unwound by {@link park}, and may be started again. Only where turns are. */
  parked?(turnId: string): void;
  background(work: Promise<unknown>): void;
  log: Log;
  now(): number;
}

/**
 * Runs turns durably: every step's result is a row before the next step begins. A turn is a row of its own table, written before it starts here, so
 * after a crash the object starts whatever has not ended, and each goes on from its first unfinished step.
 */
export class Runs {
  readonly #active = new Map<string, AbortController>();

  constructor(private readonly deps: RunsDeps) {}

  /** Starts a turn unless it runs already. Returns at once. */
  start(turnId: string): void {
    if (this.#active.has(turnId)) return;
    const controller = new AbortController();
    this.#active.set(turnId, controller);
    void this.#run(turnId, controller);
  }

  /**
   * Takes up a turn that may have been interrupted. One that waits is left to its alarm: being woken for something else meanwhile is no start of it,
   * and starts are counted.
   */
  resume(turnId: string): void {
    if (this.#active.has(turnId)) return;
    const until = this.deps.steps.waitsUntil(turnId);
    if (until === null || until - this.deps.now() <= SHORT_WAIT_MS) this.start(turnId);
    // A crash may have come between the wait and its alarm.
    else this.deps.background(this.deps.wakeAt(turnId, until));
  }

  /** Aborts what a turn is doing and forgets its journal. The caller has ended the turn's row. */
  cancel(turnId: string): void {
    this.#active.get(turnId)?.abort(new Cancelled());
    this.#active.delete(turnId);
    this.deps.steps.clear(turnId);
  }

  async #run(turnId: string, controller: AbortController): Promise<void> {
    const { deps } = this;
    let isParked = false;
    try {
      await deps.body(turnId, this.#journal(turnId, controller.signal));
      deps.steps.clear(turnId);
    } catch (thrown) {
      if (thrown instanceof Waiting) await deps.wakeAt(turnId, thrown.until);
      else if (thrown instanceof Parked) isParked = true;
      else if (!controller.signal.aborted) {
        // The body ends its turn on every failure it can know of, so this is storage or the runtime: the next start takes it up again.
        deps.log("turn_interrupted", { turn: turnId, error: whereOf(thrown) }, "error");
      }
    } finally {
      if (this.#active.get(turnId) === controller) this.#active.delete(turnId);
    }
    if (isParked && !controller.signal.aborted) deps.parked?.(turnId);
  }

  #journal(turnId: string, signal: AbortSignal): Journal {
    const { steps, now } = this.deps;
    const going = (): void => {
      if (signal.aborted) throw new Cancelled();
    };
    return {
      async step<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
        going();
        const known = steps.get(turnId, name);
        if (known !== null) return JSON.parse(known) as T;
        let result: T;
        try {
          result = await work(signal);
        } catch (error) {
          going();
          throw error;
        }
        // A cancelled turn's late result must leave no trace.
        going();
        const text = JSON.stringify(result ?? null);
        steps.put(turnId, name, text);
        return JSON.parse(text) as T;
      },
      async sleep(name, ms) {
        going();
        const known = steps.get(turnId, name);
        const until = known === null ? now() + ms : Number(known);
        if (known === null) steps.put(turnId, name, String(until));
        const left = until - now();
        if (left > SHORT_WAIT_MS) throw new Waiting(until);
        if (left > 0) await pause(left, signal);
        going();
      },
    };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
