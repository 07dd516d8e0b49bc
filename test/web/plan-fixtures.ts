import type { ExecutionPlan, PlanStepView } from "../../src/plans/shapes.ts";

/** A step that nobody decided about. */
export const step = (fields: Partial<PlanStepView> = {}): PlanStepView => ({
  name: "find",
  title: "Find flights",
  work: { kind: "agent", profile: "research", input: "Find flights to Bergen" },
  after: [],
  needs: [],
  status: "proposed",
  will_ask: false,
  author: "agent",
  result: "",
  tainted: false,
  error: null,
  task_id: null,
  task_number: null,
  approval_id: null,
  started_at: null,
  ended_at: null,
  ...fields,
});

/** A plan that waits for a decision. */
export const plan = (fields: Partial<ExecutionPlan> = {}): ExecutionPlan => ({
  id: "p1",
  number: 1,
  goal: "A weekend in Bergen",
  status: "proposed",
  revision: "r1",
  steps: [step()],
  origin: "agent",
  tainted: false,
  playbook: null,
  cost_micro_usd: null,
  artifacts: [],
  conversation_id: null,
  created_at: 0,
  started_at: null,
  ended_at: null,
  ...fields,
});
