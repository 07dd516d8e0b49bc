/** So much later the object is woken for work that it ended in the middle of. */
const SAFETY_MS = 600_000;

/**
 * Work that an alarm begins and that goes on after it. The alarm is used up by then, and the work plans the next one itself; so that an object which ends in between does not sleep for ever, a wake is left behind that the
 * work replaces by its own, or takes away when there is nothing left to do.
 */
export class SafetyWakes<Job extends string> {
  readonly #running = new Map<Job, number>();
  readonly #planned = new Set<Job>();

  constructor(private readonly deps: { now(): number; background(work: Promise<unknown>): void }) {}

  /** A wake for it is planned now, which replaced ours. */
  planned(job: Job): void {
    this.#planned.add(job);
  }

  /** Begins the work and gives when to wake if nobody says anything else. `drop` takes the wake away. */
  begin(job: Job, work: () => Promise<void>, drop: () => Promise<unknown>): { rescheduleAt: number } {
    this.#planned.delete(job);
    this.#running.set(job, (this.#running.get(job) ?? 0) + 1);
    this.deps.background(this.#run(job, work, drop));
    return { rescheduleAt: this.deps.now() + SAFETY_MS };
  }

  async #run(job: Job, work: () => Promise<void>, drop: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } finally {
      this.#running.set(job, (this.#running.get(job) ?? 1) - 1);
    }
    // Whoever else is still at it takes it away, or plans another.
    if (this.#running.get(job) === 0 && !this.#planned.has(job)) await drop();
  }
}
