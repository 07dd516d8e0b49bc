/** A tool call of a task as it is recorded. */
export interface CheckedCall {
  step: number;
  tool: string;
  input: unknown;
  state: "executing" | "waiting" | "done" | "failed" | "denied" | "unknown";
  /** What it answered, parsed; null: nothing yet. */
  output(): unknown;
}

/** A task that is about to end, as checks of its result see it. What it says is the model's word, and may be that of a page. */
export interface CheckedTask {
  /** What it says at its end. */
  result: string;
  /** In the order in which they were made. */
  calls: readonly CheckedCall[];
  /** JSON Schema that its answer is to fit; null: none was asked for. */
  expects: Record<string, unknown> | null;
  /** Whether it cannot be corrected any more: only then is it worth a request to look what became of an address. */
  final: boolean;
}

export interface CheckDeps {
  /** Files that the task wrote and that are there, by path. */
  written(): readonly string[];
  /** Whether one of the user's files is at a path. */
  exists(path: string): boolean;
  /** Asks for an address through the gate, where it lets that happen without asking anybody. */
  reach(address: string): Promise<"there" | "gone" | "not asked">;
}

/** Something about a result that is not as it should be. Each says no more of the result's own words than a number or a path. */
export interface Finding {
  /** What the model is told, once: what is wrong, and how to make it right. */
  correct: string;
  /** What whoever reads the result is told, where it stayed so. null: nothing. */
  note: string | null;
}

export type ResultCheck = (task: CheckedTask, deps: CheckDeps) => Promise<Finding[]> | Finding[];
