import type { OperationName, Operations } from "../agent/operations.ts";
import { MargayError } from "../errors.ts";
import { scrubKeys } from "../secrets/key-shapes.ts";
import type { Playbooks } from "./playbooks.ts";
import type { PlanBy, PlanOrigin, Plans } from "./plans.ts";
import type { ApiPlan, PlanDraft } from "./shapes.ts";

/** A call of a person or their program. */
export const BY_USER: PlanBy = { author: "user", channel: "http", tainted: false };

/** What a plan that a request makes has no other origin for. */
const fromRequest = (key: string, bodyHash: string | null): PlanOrigin => ({
  key,
  bodyHash,
  origin: "user",
  replyTo: { channel: "http" },
  taskId: null,
  conversationId: null,
});

/** What the Worker may ask of plans and playbooks. */
export function planOperations({
  plans,
  playbooks,
  newId,
}: {
  plans: Plans;
  playbooks: Playbooks;
  newId(): string;
}): Pick<Operations, Extract<OperationName, `${"plans" | "playbooks"}.${string}`>> {
  return {
    "plans.add": (asked) => proposedByApi(asked, plans),
    "plans.list": (query) => plans.list(query),
    "plans.get": (id) => plans.get(id),
    "plans.change": ({ id, name, patch }) => plans.change(id, name, patch, BY_USER),
    "plans.run": ({ id, approveRest, revision }) => plans.run(id, approveRest, BY_USER, revision),
    "plans.cancel": (id) => plans.cancel(id, BY_USER),
    "plans.retry": (id) => plans.retry(id, BY_USER),
    "plans.delete": (id) => plans.delete(id, BY_USER),
    "playbooks.list": () => ({ playbooks: playbooks.list() }),
    "playbooks.get": (name) => playbooks.get(name),
    "playbooks.add": (input) => ("plan_id" in input ? playbooks.fromPlan(input, BY_USER) : playbooks.add(input, BY_USER)),
    "playbooks.update": ({ name, patch }) => playbooks.update(name, patch, BY_USER),
    "playbooks.delete": (name) => playbooks.delete(name, BY_USER),
    "playbooks.run": ({ name, variables }) => playbooks.run({ ...fromRequest(`run:${newId()}`, null), name, variables, data: {} }, BY_USER),
  };
}

/** The same key with the same body is the same plan; with another one it is an `idempotency_conflict`. */
function proposedByApi({ draft, key, bodyHash }: ApiPlan, plans: Plans) {
  const known = plans.made(`api:${key}`);
  if (known !== null) {
    if (known.bodyHash !== bodyHash)
      throw new MargayError("idempotency_conflict", "This idempotency key was used before with another request.");
    return { plan: known.plan, duplicate: true };
  }
  return { plan: plans.propose(scrubbed(draft), fromRequest(`api:${key}`, bodyHash), BY_USER), duplicate: false };
}

/** A key that stands in a text goes into no prompt. */
function scrubbed(draft: PlanDraft): PlanDraft {
  const steps = draft.steps.map((step) =>
    step.work.kind === "agent" ? { ...step, work: { ...step.work, input: scrubKeys(step.work.input) } } : step,
  );
  return { goal: scrubKeys(draft.goal), steps };
}
