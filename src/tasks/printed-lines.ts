import type { TaskView } from "./shapes.ts";

/** What calls of tasks print while they run, a line each, for pages: in memory alone, and never for a model, which could take it for the words of Margay. */
export class PrintedLines {
  readonly #lines = new Map<string, string>();

  /** The last line that a call of a task printed; none: what it printed is over. */
  take(taskId: string, line: string | undefined): void {
    if (line === undefined) this.#lines.delete(taskId);
    else this.#lines.set(taskId, line);
  }

  /** A task with what its call prints at this moment, which says more than what was done before. */
  over<Task extends TaskView>(task: Task): Task {
    const line = this.#lines.get(task.id);
    return line === undefined ? task : { ...task, progress: line };
  }
}
