import { shorten } from "../agent/context.ts";
import type { ReplyTarget } from "../channels/message.ts";
import type { NewStep } from "../db/object/plans.ts";
import { MargayError } from "../errors.ts";
import { checkSteps, type StepWorld } from "./check-steps.ts";
import { inOrder } from "./order.ts";
import { revisionOf } from "./plan-revision.ts";
import { PlanRunner } from "./plan-runner.ts";
import { planView } from "./plan-view.ts";
import type { PlansDeps } from "./plans-deps.ts";
import { isUnbegun } from "./progress.ts";
import {
  type ExecutionPlan,
  type PlanDraft,
  type PlanPage,
  type PlanQuery,
  type PlanStatus,
  PlanStatus as Status,
  type StepPatch,
} from "./shapes.ts";
import type { PlanData, StoredPlan, StoredStep, StoredWork } from "./stored-plan.ts";
import { stepWorld } from "./step-world.ts";

/** Plans of one user that were started and have not ended. */
export const MAX_RUNNING_PLANS = 20;
/** Plans that wait for a decision: a room of their own, so that what nobody decided about keeps nothing from running. */
export const MAX_PROPOSED_PLANS = 50;
/** Characters of each step's result in a list. */
const LISTED_RESULT = 500;
const OPEN: readonly PlanStatus[] = ["proposed", "running", "waiting_approval"];

/** Who makes or changes a plan, and where from. */
export interface PlanBy {
  author: "user" | "agent";
  channel: string;
  /** Written where content from outside was read. */
  tainted: boolean;
}

/** Where a plan comes from. */
export interface PlanOrigin {
  /** Unique: the same again is the same plan. */
  key: string;
  bodyHash: string | null;
  origin: StoredPlan["origin"];
  replyTo: ReplyTarget;
  taskId: string | null;
  conversationId: string | null;
}

/** A plan that is to be written down. */
export interface NewPlan extends PlanOrigin {
  goal: string;
  steps: readonly { name: string; title: string; work: StoredWork; after: readonly string[]; author: "user" | "agent" }[];
  tainted: boolean;
  playbook: string | null;
  data: Record<string, PlanData>;
  /** Whether it starts at once, every step approved. */
  run: boolean;
}

/** The plans of one user: proposed, decided about, started, stopped. Refusals are `MargayError`s with a sentence. */
export class Plans {
  readonly runner: PlanRunner;
  readonly world: StepWorld;

  constructor(private readonly deps: PlansDeps) {
    this.runner = new PlanRunner(deps);
    this.world = stepWorld(deps);
  }

  /** Writes down a plan that waits for the user's decision. */
  propose(draft: PlanDraft, from: PlanOrigin, by: PlanBy): ExecutionPlan {
    const steps = draft.steps.map((step) => ({ ...step, author: by.author }));
    return this.make({ ...from, goal: draft.goal, steps, tainted: by.tainted, playbook: null, data: {}, run: false }, by);
  }

  /** Writes a plan down, once for its key. In the caller's transaction, if there is one. */
  make(plan: NewPlan, by: PlanBy): ExecutionPlan {
    const { store, transaction, now, newId, background } = this.deps;
    const known = store.byKey(plan.key);
    if (known !== null) return this.#view(known);
    checkSteps(plan.steps.map(mutable), Object.keys(plan.data), this.world);
    if (plan.run) this.#checkRoom();
    else if (store.countProposed() >= MAX_PROPOSED_PLANS)
      throw new MargayError(
        "rate_limited",
        `${MAX_PROPOSED_PLANS} plans wait for a decision already. Run, cancel or delete some first: /plan shows them.`,
      );
    const id = newId();
    const status = plan.run ? "approved" : "proposed";
    const steps: NewStep[] = (inOrder(plan.steps.map(mutable)) ?? []).map((step) => ({ ...step, status }));
    const made = transaction(() => {
      const { goal, origin, tainted, playbook, data, replyTo, taskId, conversationId, key, bodyHash } = plan;
      store.insert(
        { id, key, bodyHash, goal, status: "proposed", origin, tainted, playbook, data, replyTo, taskId, conversationId, createdAt: now() },
        steps,
      );
      const row = this.#row(id);
      this.#audit(row, "proposed", by, `Plan ${row.number} written down${playbook === null ? "" : `, from a playbook`}`);
      if (plan.run) this.#start(row, by);
      return this.#row(id);
    });
    // After whatever transaction this is part of.
    background(Promise.resolve().then(() => (plan.run ? this.runner.advance(id) : this.runner.show(id))));
    return this.#view(made);
  }

  get(id: string): ExecutionPlan {
    return this.#view(this.#row(id));
  }

  /** null: there is none. */
  find(id: string): ExecutionPlan | null {
    const row = this.deps.store.get(id);
    return row && this.#view(row);
  }

  numbered(number: number): ExecutionPlan {
    const plan = this.findNumbered(number);
    if (plan === null) throw new MargayError("not_found", `There is no plan ${number}. /plan shows the open ones.`);
    return plan;
  }

  /** null: there is none. */
  findNumbered(number: number): ExecutionPlan | null {
    const row = this.deps.store.numbered(number);
    return row && this.#view(row);
  }

  /** What was made for a key, and the hash of the request that made it. */
  made(key: string): { plan: ExecutionPlan; bodyHash: string | null } | null {
    const row = this.deps.store.byKey(key);
    return row && { plan: this.#view(row), bodyHash: row.bodyHash };
  }

  /** Of results only the beginning: many plans are one answer. */
  list({ status, limit, before }: PlanQuery): PlanPage {
    const statuses = Status.options.filter((one) => status === "all" || OPEN.includes(one) === (status === "open"));
    const rows = this.deps.store.page(statuses, before ?? null, limit + 1);
    const shown = rows.slice(0, limit);
    return { plans: shown.map((row) => listed(this.#view(row))), next_before: rows.length > limit ? (shown.at(-1)?.number ?? null) : null };
  }

  /** Those that have not ended, oldest first. */
  open(): ExecutionPlan[] {
    return this.deps.store.open().map((row) => this.#view(row));
  }

  /** Decides about a step, or writes it anew, until it begins. */
  change(id: string, name: string, patch: StepPatch, by: PlanBy): ExecutionPlan {
    const { store, transaction } = this.deps;
    const plan = this.#row(id);
    const before = store.steps(id).find((step) => step.name === name);
    if (before === undefined) throw new MargayError("not_found", `Plan ${plan.number} has no step called ${name}.`);
    if (plan.endedAt !== null) throw new MargayError("conflict", `Plan ${plan.number} has ended already: ${plan.status}.`);
    if (!isUnbegun(before)) throw new MargayError("conflict", `Step ${name} has begun already.`);
    const after = this.#changed(plan, before, patch, by);
    checkSteps(
      store.steps(id).map((step) => (step.name === name ? after : step)),
      Object.keys(plan.data),
      this.world,
    );
    transaction(() => {
      if (!store.write(after)) throw new MargayError("conflict", `Step ${name} has begun already.`);
      const written = after.work !== before.work || after.after !== before.after || after.title !== before.title;
      if (written && by.tainted) store.taint(id);
      const what = patch.decision ?? "changed";
      this.#audit(plan, written ? "changed" : "decided", by, `Step ${name} of plan ${plan.number}: ${what}`, JSON.stringify(after.work));
    });
    this.runner.advance(id);
    return this.get(id);
  }

  #changed(plan: StoredPlan, before: StoredStep, patch: StepPatch, by: PlanBy): StoredStep {
    const after: StoredStep = { ...before };
    if (patch.title !== undefined) after.title = patch.title;
    if (patch.after !== undefined) after.after = patch.after;
    if (patch.work !== undefined && JSON.stringify(patch.work) !== JSON.stringify(before.work)) {
      after.work = patch.work;
      after.author = by.author;
    }
    if (by.author === "agent" && (patch.work !== undefined || patch.after !== undefined || patch.title !== undefined)) {
      if (plan.status !== "proposed") throw new MargayError("forbidden", "It runs already: only the user can change a step now.");
      // What the user approved was another step.
      after.status = "proposed";
    }
    if (patch.decision === "proposed" && plan.status !== "proposed")
      throw new MargayError("conflict", `Plan ${plan.number} runs already. Reject the step, or cancel the plan.`);
    if (patch.decision !== undefined) after.status = patch.decision;
    return after;
  }

  /** Starts one that was proposed. Throws `conflict` where a decision is missing, nothing is approved, or it is not what was seen (`revision`). */
  run(id: string, approveRest: boolean, by: PlanBy, revision?: string): ExecutionPlan {
    const { store, transaction } = this.deps;
    const plan = this.#row(id);
    if (plan.status !== "proposed")
      throw new MargayError("conflict", `Plan ${plan.number} ${plan.endedAt === null ? "runs already" : `has ended: ${plan.status}`}.`);
    const steps = store.steps(id);
    if (revision !== undefined && revision !== revisionOf(plan.goal, steps))
      throw new MargayError("conflict", `Plan ${plan.number} was changed since it was looked at. Look at it again, then run it.`);
    const open = steps.filter(({ status }) => status === "proposed");
    if (open.length > 0 && !approveRest)
      throw new MargayError("conflict", `Approve or reject every step first. Not decided: ${open.map(({ name }) => name).join(", ")}.`);
    if (steps.every(({ status }) => status === "rejected"))
      throw new MargayError("conflict", "Every step is rejected, so there is nothing to run.");
    // A profile or a tool may be gone since. What needs a rejected step is skipped.
    const left = steps.filter(({ status }) => status !== "rejected");
    const rejected = steps.flatMap(({ name, status }) => (status === "rejected" ? [name] : []));
    checkSteps(
      left.map((step) => ({ ...step, after: [] })),
      [...Object.keys(plan.data), ...rejected],
      this.world,
    );
    this.#checkRoom();
    transaction(() => this.#start(plan, by));
    this.runner.advance(id);
    return this.get(id);
  }

  #checkRoom(): void {
    if (this.deps.store.countUnderWay() >= MAX_RUNNING_PLANS)
      throw new MargayError("rate_limited", `${MAX_RUNNING_PLANS} plans run already. Cancel one first, or wait: /plan shows them.`);
  }

  /** In the caller's transaction. */
  #start(plan: StoredPlan, by: PlanBy): void {
    const { store, now } = this.deps;
    store.move(plan.id, ["proposed"], "approved");
    if (!store.begin(plan.id, now())) throw new MargayError("conflict", `Plan ${plan.number} runs already.`);
    this.#audit(plan, "started", by, `Plan ${plan.number} started`);
  }

  /** Stops one at once. What its steps have done stays. */
  cancel(id: string, by: PlanBy): ExecutionPlan {
    const { store, transaction, now } = this.deps;
    const plan = this.#row(id);
    const steps = store.steps(id);
    transaction(() => {
      if (!store.end(id, "cancelled", now())) throw new MargayError("conflict", `Plan ${plan.number} has ended already: ${plan.status}.`);
      for (const step of steps)
        store.endStep(id, step.name, step.attempt, { status: "cancelled", result: "", tainted: false, error: null, at: now() });
      store.told(id);
      this.#audit(plan, "cancelled", by, `Plan ${plan.number} cancelled`);
    });
    this.runner.stop(steps);
    this.runner.show(id);
    return this.get(id);
  }

  /** Stops all that run. Gives how many. */
  cancelAll(by: PlanBy): number {
    const running = this.deps.store.underWay();
    for (const { id } of running) this.cancel(id, by);
    return running.length;
  }

  /** What did not finish is tried again; what is done keeps its result. */
  retry(id: string, by: PlanBy): ExecutionPlan {
    const { store, transaction, now } = this.deps;
    const plan = this.#row(id);
    if (plan.status !== "failed" && plan.status !== "cancelled")
      throw new MargayError(
        "conflict",
        `Only a plan that failed or was cancelled can be tried again; plan ${plan.number} is ${plan.status}.`,
      );
    if (plan.startedAt === null)
      throw new MargayError("conflict", `Plan ${plan.number} was cancelled before it began, so nobody approved its steps. Make it anew.`);
    this.#checkRoom();
    transaction(() => {
      store.again(id);
      if (!store.begin(id, now())) throw new MargayError("conflict", `Plan ${plan.number} runs already.`);
      this.#audit(plan, "started", by, `Plan ${plan.number} tried again`);
    });
    this.runner.advance(id);
    return this.get(id);
  }

  delete(id: string, by: PlanBy): ExecutionPlan {
    const { store, transaction } = this.deps;
    const plan = this.#row(id);
    if (plan.endedAt === null && plan.status !== "proposed")
      throw new MargayError("conflict", `Plan ${plan.number} runs. Cancel it first.`);
    const gone = this.#view(plan);
    transaction(() => {
      store.delete(id);
      this.#audit(plan, "deleted", by, `Plan ${plan.number} deleted`);
    });
    return gone;
  }

  tidy(): void {
    this.deps.store.prune(this.deps.now());
  }

  #view(row: StoredPlan): ExecutionPlan {
    return planView(row, this.deps);
  }

  #row(id: string): StoredPlan {
    const row = this.deps.store.get(id);
    if (row === null) throw new MargayError("not_found", "There is no such plan.");
    return row;
  }

  #audit(plan: StoredPlan, event: string, by: PlanBy, summary: string, input?: string): void {
    this.deps.audit({
      kind: "plan",
      event,
      actor: by.author,
      channel: by.channel,
      subject: plan.id,
      tainted: plan.tainted || by.tainted,
      input: input ?? JSON.stringify([plan.goal, this.deps.store.steps(plan.id).map(({ work }) => work)]),
      summary,
    });
  }
}

const listed = (plan: ExecutionPlan): ExecutionPlan => ({
  ...plan,
  steps: plan.steps.map((step) => ({ ...step, result: shorten(step.result, LISTED_RESULT) })),
});

const mutable = <Step extends { after: readonly string[] }>(step: Step): Omit<Step, "after"> & { after: string[] } => ({
  ...step,
  after: [...step.after],
});
