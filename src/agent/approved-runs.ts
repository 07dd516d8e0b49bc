/** Approved calls that run now: what the person who said yes can stop again. */
export class ApprovedRuns {
  readonly #running = new Map<string, { controller: AbortController; asker: string | null }>();

  /** Until {@link end}. `asker`: the task or the step of a plan that asked, with which it is over; null: it was asked in a conversation. */
  begin(id: string, asker: string | null): AbortSignal {
    const controller = new AbortController();
    this.#running.set(id, { controller, asker });
    return controller.signal;
  }

  end(id: string): void {
    this.#running.delete(id);
  }

  /** Stops those of a task or a step, or (null) of conversations; gives how many. */
  stop(asker: string | null = null): number {
    const mine = [...this.#running.values()].filter((run) => run.asker === asker && !run.controller.signal.aborted);
    for (const { controller } of mine) controller.abort();
    return mine.length;
  }
}
