/** Approved calls that run now: what the person who said yes can stop again. */
export class ApprovedRuns {
  readonly #running = new Map<string, { controller: AbortController; inConversation: boolean }>();

  /** Until {@link end}. A task in the background is stopped as a task. */
  begin(id: string, inConversation: boolean): AbortSignal {
    const controller = new AbortController();
    this.#running.set(id, { controller, inConversation });
    return controller.signal;
  }

  end(id: string): void {
    this.#running.delete(id);
  }

  /** Stops those of conversations; gives how many. */
  stop(): number {
    const mine = [...this.#running.values()].filter(({ controller, inConversation }) => inConversation && !controller.signal.aborted);
    for (const { controller } of mine) controller.abort();
    return mine.length;
  }
}
