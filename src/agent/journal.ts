/**
 * The durable record of one task: completed steps return what they returned the first time, so a turn that starts again after a
 * crash goes on from its first unfinished step. In the object it is a table (`runs.ts`), in plain tests a Map.
 */
export interface Journal {
  /** Runs `work` once under a name that is unique in the task. Results are JSON. `signal` aborts on cancellation. */
  step<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Waits durably; the object may be evicted meanwhile. */
  sleep(name: string, ms: number): Promise<void>;
}
