import { inOrder, namesOf, needsOf } from "./order.ts";
import { revisionOf } from "./plan-revision.ts";
import type { PlansDeps } from "./plans-deps.ts";
import { isUnbegun } from "./progress.ts";
import { referencesOf } from "./references.ts";
import { callIdOf, runIdOf } from "./run-id.ts";
import type { ExecutionPlan, PlanStepView } from "./shapes.ts";
import { feedsOf, isBig, type SaidThere, toolInput } from "./step-input.ts";
import type { StoredPlan, StoredStep } from "./stored-plan.ts";

export type ViewDeps = Pick<
  PlansDeps,
  "store" | "tools" | "linksOf" | "approvalOf" | "toolsOfProfile" | "alwaysAsks" | "said" | "knownDestinations"
>;

/** A plan as every surface shows it. */
export function planView(plan: StoredPlan, deps: ViewDeps): ExecutionPlan {
  const steps = deps.store.steps(plan.id);
  const names = namesOf(steps);
  const { numbers, microUsd, artifacts } = deps.store.tasksOf(plan.id);
  let heard: SaidThere | null = null;
  // Only where a step has to be judged: it reads the conversation.
  const said = (): SaidThere => (heard ??= { ...deps.said(plan.conversationId), known: deps.knownDestinations() });
  const view = (step: StoredStep): PlanStepView => ({
    name: step.name,
    title: step.title,
    work: step.work,
    after: step.after,
    needs: needsOf(step, names),
    status: step.status,
    will_ask: plan.endedAt === null && isUnbegun(step) && willAsk(plan, step, steps, said, deps),
    author: step.author,
    result: step.result,
    tainted: step.tainted,
    error: step.error,
    task_id: step.taskId,
    task_number: step.taskId === null ? null : (numbers.get(step.taskId) ?? null),
    approval_id: step.status === "waiting_approval" ? deps.approvalOf(step.taskId ?? runIdOf(step)) : null,
    started_at: step.startedAt,
    ended_at: step.endedAt,
  });
  return {
    id: plan.id,
    number: plan.number,
    goal: plan.goal,
    status: plan.status,
    revision: revisionOf(plan.goal, steps),
    steps: (inOrder(steps) ?? steps).map(view),
    origin: plan.origin,
    tainted: plan.tainted,
    playbook: plan.playbook,
    cost_micro_usd: microUsd,
    artifacts,
    conversation_id: plan.conversationId,
    created_at: plan.createdAt,
    started_at: plan.startedAt,
    ended_at: plan.endedAt,
  };
}

/** Whether a call of a step is expected to ask a person. What it is given by other steps is not known before: where the tool cannot be judged without it, it is. */
function willAsk(plan: StoredPlan, step: StoredStep, steps: readonly StoredStep[], said: () => SaidThere, deps: ViewDeps): boolean {
  const { work } = step;
  if (work.kind === "agent") return (deps.toolsOfProfile(work.profile) ?? []).some((tool) => deps.alwaysAsks(tool));
  const tool = deps.tools().find(({ name }) => name === work.tool);
  if (tool?.foresee === undefined) return false;
  const feeds = feedsOf(plan, steps, (one) => deps.linksOf(callIdOf(one)));
  if (isBig(step, feeds)) return true;
  const { input, tainted, provenance } = toolInput(plan, step, feeds, said());
  const foreseen = tool.foresee({ input, tainted, provenance, taskId: plan.id });
  if (foreseen.kind === "invalid") return referencesOf(work).some((name) => !feeds.has(name));
  return foreseen.kind === "ask";
}
