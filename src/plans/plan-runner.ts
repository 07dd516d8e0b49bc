import { needsDelivery } from "../agent/needs-delivery.ts";
import type { ReplyTarget } from "../channels/message.ts";
import type { StepEnd } from "../db/object/plans.ts";
import { MargayError } from "../errors.ts";
import { whereOf } from "../log.ts";
import { withAsked } from "../tasks/with-asked.ts";
import type { ToolOutcome } from "../tools/compiled-tool.ts";
import { planEndNotice, planEndText } from "./plan-end.ts";
import { planView } from "./plan-view.ts";
import type { PlansDeps } from "./plans-deps.ts";
import { progressOf } from "./progress.ts";
import { callIdOf, readRunId, runIdOf } from "./run-id.ts";
import { agentInput, capped, type Feeds, feedsOf, isTainted, isWord, toolInput } from "./step-input.ts";
import type { StoredPlan, StoredStep } from "./stored-plan.ts";

/** While steps run, they are looked after so often: what an end of the object interrupted is taken up. */
const LOOK_MS = 60_000;
/** Tools of one plan that run at once; more wait for their turn. Agents have a queue of their own. */
const TOOLS_AT_ONCE = 4;

/**
 * Carries out plans that were started. Which step comes next is read from the rows, and each change of a row looks at the row before, so it may be asked to look at any moment and any number of times: each step begins
 * once, each end counts once, and what an end of the object interrupted goes on.
 */
export class PlanRunner {
  /** Calls of tools under way in this life of the object, by the step's run. */
  readonly #calling = new Map<string, AbortController>();

  constructor(private readonly deps: PlansDeps) {}

  /** Starts what can begin, skips what never can, and ends the plan when nothing is left. */
  advance(id: string): void {
    const { deps } = this;
    if (deps.suspended()) return;
    const held = new Set<string>();
    const calls = new Set<string>();
    const ended = deps.transaction(() => {
      for (;;) {
        const plan = deps.store.get(id);
        if (plan === null || !isUnderWay(plan)) return false;
        const steps = deps.store.steps(id);
        const { start, skip, end, waits } = progressOf(steps);
        if (end !== null) return this.#finish(plan, steps, end);
        for (const step of skip) this.#end(step, { ...NOTHING, status: "skipped", at: deps.now() });
        const next = start.find(({ name }) => !held.has(name));
        if (skip.length > 0) continue;
        if (next === undefined) {
          deps.store.setWaiting(id, waits);
          return false;
        }
        const begun = this.#begin(plan, next, steps);
        if (begun === "later") held.add(next.name);
        else if (begun === "call") calls.add(next.name);
      }
    });
    for (const name of calls) this.#call(id, name);
    this.show(id);
    if (ended) deps.background(deps.occasions().go());
    else this.#plan(id);
  }

  /** Something about a task changed: whether it is a step's, and how that step is then. */
  taskChanged(taskId: string): void {
    const step = this.deps.store.stepOfTask(taskId);
    if (step !== null && this.#readTask(step)) this.advance(step.planId);
  }

  /** Something that a step asked a person is settled. False: it is no step of a plan. */
  settled(turnId: string): boolean {
    const run = readRunId(turnId);
    if (run === null) return false;
    this.#call(run.planId, run.name);
    return true;
  }

  /** Who asks, for a card; null: no step does. */
  nameOf(turnId: string): string | null {
    const run = readRunId(turnId);
    const plan = run && this.deps.store.get(run.planId);
    return plan ? `Plan ${plan.number} (step ${run?.name ?? ""})` : null;
  }

  /** Where what a step asks a person came from; null: it is no step. */
  originOf(turnId: string): { channel: "agent"; replyTo: ReplyTarget } | null {
    const run = readRunId(turnId);
    const plan = run && this.deps.store.get(run.planId);
    return plan ? { channel: "agent", replyTo: this.#target(plan) } : null;
  }

  /** Takes up whatever was under way. One that cannot be dealt with holds up no other. */
  look(): void {
    const { store, suspended } = this.deps;
    if (suspended()) return;
    for (const { id } of store.underWay())
      this.#safely(id, () => {
        for (const step of store.steps(id)) {
          if (step.status !== "running" && step.status !== "waiting_approval") continue;
          if (step.taskId !== null) this.#readTask(step);
          else this.#call(id, step.name);
        }
        this.advance(id);
      });
    const untold = store.untold();
    for (const plan of untold) this.#safely(plan.id, () => this.deps.transaction(() => this.#tell(plan, store.steps(plan.id))));
    if (untold.length > 0) this.deps.background(this.deps.occasions().go());
  }

  /** Stops what a plan that was cancelled has under way. */
  stop(steps: readonly StoredStep[]): void {
    for (const step of steps) {
      if (step.status !== "running" && step.status !== "waiting_approval") continue;
      this.#calling.get(runIdOf(step))?.abort();
      if (step.taskId !== null) this.deps.tasks.stop(step.taskId);
      else this.deps.withdraw(runIdOf(step));
    }
  }

  /** Tells pages how a plan is now. */
  show(id: string): void {
    const plan = this.deps.store.get(id);
    if (plan) this.deps.broadcast({ type: "plan", plan: planView(plan, this.deps) });
  }

  #feeds(plan: StoredPlan, steps: readonly StoredStep[]): Feeds {
    return feedsOf(plan, steps, (step) => this.deps.linksOf(callIdOf(step)));
  }

  /** Begins a step, in the caller's transaction. `call`: its tool is to be called after it; `later`: there is no room now. */
  #begin(plan: StoredPlan, step: StoredStep, steps: readonly StoredStep[]): "begun" | "call" | "later" | "failed" {
    const { store, now } = this.deps;
    const { work } = step;
    if (work.kind === "tool") {
      const running = steps.filter((one) => one.work.kind === "tool" && one.status === "running").length;
      if (running >= TOOLS_AT_ONCE) return "later";
      store.claim(plan.id, step.name, now());
      this.#audit(plan, step, "step_started", `Step ${step.name} of plan ${plan.number} started`);
      return "call";
    }
    store.claim(plan.id, step.name, now());
    try {
      store.setTask(plan.id, step.name, this.#startTask(plan, step, this.#feeds(plan, steps), work.profile));
    } catch (error) {
      if (!(error instanceof MargayError)) throw error;
      // So much waits that nothing more is taken: it is begun when there is room.
      if (error.code === "rate_limited") {
        store.putBack(plan.id, step.name);
        return "later";
      }
      this.#end(step, { ...NOTHING, status: "failed", error: { code: error.code, message: error.message }, at: now() });
      return "failed";
    }
    this.#audit(plan, step, "step_started", `Step ${step.name} of plan ${plan.number} started`);
    return "begun";
  }

  #startTask(plan: StoredPlan, step: StoredStep, feeds: Feeds, profile: string): string {
    const { input, content } = agentInput(step, feeds);
    const tainted = isTainted(plan, step, feeds);
    const { id } = this.deps.tasks.start(
      {
        key: runIdOf(step),
        input,
        profile,
        tier: null,
        content,
        word: isWord(plan, step),
        tainted,
        origin: plan.origin,
        replyTo: this.#target(plan),
        taskId: plan.taskId,
        conversationId: plan.conversationId,
      },
      { title: step.title.slice(0, 120).toWellFormed(), tell: false, vouched: !tainted },
    );
    return id;
  }

  /** Reads how the task of a step is. Gives whether that changed the step. */
  #readTask(step: StoredStep): boolean {
    const { store, tasks, now } = this.deps;
    if (step.taskId === null || (step.status !== "running" && step.status !== "waiting_approval")) return false;
    const task = tasks.get(step.taskId);
    if (task === null || task.status === "failed") {
      const error = task?.error ?? { code: "failed", message: "Its task is not there any more." };
      return this.#end(step, { status: "failed", result: capped(task?.result ?? ""), tainted: task?.tainted ?? false, error, at: now() });
    }
    if (task.status === "done")
      return this.#end(step, { status: "done", result: capped(task.result), tainted: task.tainted, error: null, at: now() });
    if (task.status === "cancelled")
      return this.#end(step, { status: "cancelled", result: capped(task.result), tainted: task.tainted, error: null, at: now() });
    return store.setStepWaiting(step.planId, step.name, task.status === "waiting_approval" && !task.approvedRuns);
  }

  /** Calls the tool of a step that was begun, or reads what became of the call. Once at a time. */
  #call(planId: string, name: string): void {
    const step = this.deps.store.steps(planId).find((one) => one.name === name);
    if (step === undefined || step.work.kind !== "tool" || this.deps.suspended()) return;
    if (step.status !== "running" && step.status !== "waiting_approval") return;
    const runId = runIdOf(step);
    if (this.#calling.has(runId)) return;
    const stop = new AbortController();
    this.#calling.set(runId, stop);
    this.deps.background(this.#called(step, stop.signal).finally(() => this.#calling.delete(runId)));
  }

  async #called(step: StoredStep, signal: AbortSignal): Promise<void> {
    const { store, tools, log } = this.deps;
    // After whatever transaction this is part of.
    await Promise.resolve();
    const plan = store.get(step.planId);
    if (plan === null || step.work.kind !== "tool" || !isUnderWay(plan)) return;
    const { tool: wanted } = step.work;
    const tool = tools().find(({ name }) => name === wanted);
    try {
      if (tool === undefined) throw new MargayError("not_found", `There is no tool named ${wanted} any more.`);
      const said = { ...this.deps.said(plan.conversationId), known: this.deps.knownDestinations() };
      const marked = toolInput(plan, step, this.#feeds(plan, store.steps(plan.id)), said);
      const outcome = await tool.call({
        ...marked,
        id: callIdOf(step),
        turnId: runIdOf(step),
        // What is granted "for this task" is granted for this plan.
        taskId: plan.id,
        conversationId: plan.conversationId,
        origin: "unattended",
        profile: null,
        saidAt: plan.startedAt ?? plan.createdAt,
        signal,
      });
      this.#ended(plan, step, withAsked(outcome, this.deps.askedBy(callIdOf(step))), marked.tainted);
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof MargayError ? error : null;
      if (known === null) log("plan_step_bug", { tool: wanted, error: whereOf(error) }, "error");
      const message = known?.message ?? "Something went wrong on my side.";
      this.#end(step, { ...NOTHING, status: "failed", error: { code: known?.code ?? "internal", message }, at: this.deps.now() });
    }
    this.advance(step.planId);
  }

  #ended(plan: StoredPlan, step: StoredStep, outcome: ToolOutcome, tainted: boolean): void {
    const { store, transaction, now } = this.deps;
    const { status, output, summary, untrusted, usedGiven } = outcome;
    if (status === "waiting") return void store.setStepWaiting(plan.id, step.name, true);
    transaction(() => {
      store.countGiven(plan.id, Number(usedGiven));
      this.#end(step, {
        status: status === "done" ? "done" : "failed",
        result: status === "done" ? capped(typeof output === "string" ? output : JSON.stringify(output ?? null)) : "",
        // A refusal may be the words of what refused.
        tainted: tainted || untrusted !== null,
        error: status === "done" ? null : { code: status, message: summary },
        at: now(),
      });
    });
  }

  #end(step: StoredStep, end: StepEnd): boolean {
    const { store, transaction } = this.deps;
    return transaction(() => {
      const plan = store.get(step.planId);
      if (plan === null || !store.endStep(step.planId, step.name, step.attempt, end)) return false;
      this.#audit(
        { ...plan, tainted: plan.tainted || end.tainted },
        step,
        `step_${end.status}`,
        `Step ${step.name} of plan ${plan.number} ended: ${end.status}${end.error === null ? "" : `, ${end.error.code}`}`,
        end.result,
      );
      return true;
    });
  }

  #finish(plan: StoredPlan, steps: readonly StoredStep[], status: "done" | "failed"): boolean {
    const { store, now } = this.deps;
    if (!store.end(plan.id, status, now())) return false;
    const ended = store.get(plan.id) ?? plan;
    this.#audit(ended, null, status, `Plan ${plan.number} ended: ${status}`);
    this.#tell(ended, steps);
    return true;
  }

  /** In the transaction that ends it; or later, where so much waits that nothing more is taken. */
  #tell(plan: StoredPlan, steps: readonly StoredStep[]): void {
    const { store, onlyRules, wakeAt } = this.deps;
    const occasions = this.deps.occasions();
    const tainted = plan.tainted || steps.some((step) => step.tainted);
    const about = { route: "plan" as const, key: `${plan.id}:${plan.runs}`, tainted, replyTo: this.#target(plan) };
    const begun = onlyRules()
      ? occasions.tell({ ...about, text: planEndText(plan, steps) })
      : occasions.begin({ ...about, text: planEndNotice(plan, steps), word: false, content: [], tier: null, taskId: plan.taskId });
    if (begun === "full") wakeAt(occasions.roomAt());
    else store.told(plan.id);
  }

  /** Whoever asked on a connection has left it by now. */
  #target({ replyTo }: StoredPlan): ReplyTarget {
    const stays = replyTo.channel === "web" || (replyTo.channel !== "webhook" && needsDelivery(replyTo));
    return stays ? replyTo : this.deps.occasions().home();
  }

  /** Sees to it that what runs, or waits for room, is looked at again even if the object ends. */
  #plan(id: string): void {
    const { store, wakeAt, now } = this.deps;
    const plan = store.get(id);
    if (plan === null || !isUnderWay(plan)) return;
    const steps = store.steps(id);
    // What waits for a person wakes nobody: their answer does.
    if (steps.some(({ status }) => status === "running") || progressOf(steps).start.length > 0) wakeAt(now() + LOOK_MS);
  }

  #audit(plan: StoredPlan, step: StoredStep | null, event: string, summary: string, output?: string): void {
    this.deps.audit({
      kind: "plan",
      event,
      actor: "agent",
      channel: "agent",
      subject: plan.id,
      turn_id: step === null ? null : runIdOf(step),
      tainted: plan.tainted,
      ...(step === null ? {} : { input: JSON.stringify(step.work) }),
      ...(output === undefined ? {} : { output }),
      summary,
    });
  }

  #safely(about: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.deps.log("plan_bug", { about, error: whereOf(error) }, "error");
    }
  }
}

const NOTHING = { result: "", tainted: false, error: null };

const isUnderWay = ({ status }: StoredPlan): boolean => status === "running" || status === "waiting_approval";
