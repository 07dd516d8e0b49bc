import type { ExecutionPlan, PlanDraft, PlaybookFromPlan, PlaybookView, StepPatch } from "../../plans/shapes.ts";

export const PLANS_READ = "plans.read";
export const PLANS_WRITE = "plans.write";

/** The call that makes or changes something. */
export interface SaidPlan {
  /** Stable for this call, across retries. It begins with the id of the turn that calls. */
  key: string;
  /** The call was written where content from outside was read. */
  tainted: boolean;
  conversationId: string | null;
}

/** The user's plans and playbooks as tools see them. Refusals are thrown as `MargayError` with a sentence that says what would help. */
export interface PlanPort {
  /** The same key again is the same plan. */
  propose(draft: PlanDraft, said: SaidPlan): ExecutionPlan;
  /** Those that have not ended and the newest that have, newest first. */
  recent(limit: number): ExecutionPlan[];
  numbered(number: number): ExecutionPlan;
  /** The same; null: there is none. */
  find(number: number): ExecutionPlan | null;
  playbooks(): PlaybookView[];
  change(id: string, step: string, patch: StepPatch, said: SaidPlan): ExecutionPlan;
  /** `approveRest`: also what nobody decided about. */
  run(id: string, approveRest: boolean, said: SaidPlan): ExecutionPlan;
  cancel(id: string, said: SaidPlan): ExecutionPlan;
  retry(id: string, said: SaidPlan): ExecutionPlan;
  delete(id: string, said: SaidPlan): ExecutionPlan;
  runPlaybook(name: string, variables: Readonly<Record<string, string>>, said: SaidPlan): ExecutionPlan;
  save(playbook: PlaybookFromPlan, said: SaidPlan): PlaybookView;
  deletePlaybook(name: string, said: SaidPlan): PlaybookView;
}

/** What plan tools get as stores. */
export interface PlanStores {
  plans: PlanPort;
}
