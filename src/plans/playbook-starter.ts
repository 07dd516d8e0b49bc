import type { PlaybookStart } from "./playbooks.ts";
import type { PlanBy } from "./plans.ts";

/** Runs playbooks; what schedules and events know of them. */
export interface PlaybookStarter {
  /** Makes a plan that runs, once for its key. Throws where it cannot be: `rate_limited` when too many plans are open. May be called within a transaction. */
  run(start: PlaybookStart, by: PlanBy): unknown;
}

/** Whether a playbook can be run so. */
export interface PlaybookCheck {
  /** Throws where there is none, or a variable is missing or unknown. `given`: reserved names that come along. */
  check(name: string, variables: Readonly<Record<string, string>>, given: readonly string[]): void;
}
