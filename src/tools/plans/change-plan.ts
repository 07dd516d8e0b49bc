import { z } from "zod";
import { MargayError, withNext } from "../../errors.ts";
import {
  type ExecutionPlan,
  PlaybookName,
  PlaybookVariable,
  type PlanStepView,
  StepName,
  StepPatch,
  StepWork,
} from "../../plans/shapes.ts";
import type { Tool, ToolContext, ToolOutput } from "../tool.ts";
import { PLANS_WRITE, type PlanStores } from "./plan-port.ts";
import { marked, saidBy, view } from "./plan-tool.ts";
import { askedPlan, askedPlaybook, playbookRevision, workWords } from "./what-is-asked.ts";

const Verb = z.enum(["run", "approve", "reject", "edit", "cancel", "retry", "save_playbook", "run_playbook"]);

const Input = z.object({
  do: Verb,
  plan: z.number().int().positive().optional().describe("its number"),
  step: StepName.optional().describe("approve, reject: without it, all"),
  title: StepPatch.shape.title,
  work: StepWork.optional(),
  playbook: PlaybookName.optional(),
  variables: z
    .record(StepName, z.string().max(2_000))
    .optional()
    .describe("run_playbook: by name; save_playbook: the text that each name takes the place of"),
  /** What the user said yes to, put there when they are asked. */
  revision: z.string().max(64).optional().describe("leave out"),
});
type Input = z.output<typeof Input>;

/** What sets work going, or changes what a yes to it would mean. */
const ASKS: Partial<Record<Input["do"], string>> = {
  run: "start",
  approve: "start",
  retry: "start",
  run_playbook: "start",
  edit: "change",
  save_playbook: "keep",
};

/** Decides about a plan for the user, when they say so in words. */
export const changePlan: Tool<typeof Input, PlanStores> = {
  name: "change_plan",
  version: 2,
  description: "Run, approve, reject, edit or cancel a plan, or save or run a playbook, when the user says so",
  input: Input,
  capabilities: () => [PLANS_WRITE],
  effect: () => "write",
  asksIfTainted({ do: verb }) {
    const what = ASKS[verb];
    return what === undefined ? null : `Content from outside was read before, and to ${what} this could be its wish.`;
  },
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 10_000,
  // What was done before is found so, and answered as done.
  replay: "never",
  rare: true,
  describe,
  asked(input, { plans }) {
    const { do: verb, title, work, variables = {} } = input;
    if (ASKS[verb] === undefined) return { input, description: describe(input) };
    const about =
      verb === "run_playbook"
        ? askedPlaybook(plans, input.playbook ?? "", variables)
        : askedPlan(plans, input.plan ?? 0, verb === "approve" || verb === "edit" ? input.step : undefined);
    if (about === null)
      return {
        refused:
          verb === "run_playbook"
            ? `There is no playbook ${input.playbook ?? "without a name"}.`
            : `There is no plan ${input.plan ?? "without a number"}.`,
      };
    const becomes =
      verb === "edit" ? `, becomes ${[...(title === undefined ? [] : [title]), ...(work ? [workWords(work)] : [])].join(": ")}` : "";
    return { input: { ...input, revision: about.revision }, description: `${describe(input)}, ${about.words}${becomes}` };
  },
  execute: async (input, context) => change(input, context),
  undo: async (receipt, context) => takeBack(receipt, context),
};

/** What a change is taken back by. */
const Receipt = z.union([
  /** A plan that was started: it is stopped. */
  z.object({ started: z.number() }),
  /** Steps as they were before. */
  z.object({ plan: z.number(), steps: z.array(StepPatch.extend({ name: StepName })) }),
  /** A plan that was stopped: what did not finish goes on. */
  z.object({ cancelled: z.number() }),
  z.object({ saved: PlaybookName }),
]);
type Receipt = z.infer<typeof Receipt>;

const WORDS: Readonly<Record<Input["do"], string>> = {
  run: "Run",
  approve: "Approve",
  reject: "Reject",
  edit: "Edit",
  cancel: "Cancel",
  retry: "Try again",
  save_playbook: "Save",
  run_playbook: "Run",
};

function describe({ do: verb, plan, step, playbook }: Input): string {
  if (verb === "run_playbook") return `Run the playbook ${playbook ?? ""}`;
  return `${WORDS[verb]} plan ${plan ?? ""}${step === undefined ? "" : `, step ${step}`}${playbook === undefined ? "" : ` as ${playbook}`}`;
}

/** A yes is for what the user saw. */
function checkSeen(seen: string | undefined, now: string, what: string): void {
  if (seen !== undefined && seen !== now)
    throw new MargayError(
      "conflict",
      `${what} was changed since it was asked about.`,
      withNext("Show it to the user as it is now, and ask again."),
    );
}

function change(input: Input, context: ToolContext<PlanStores>): ToolOutput {
  const { plans } = context.stores;
  const said = saidBy(context);
  if (input.do === "run_playbook") {
    if (input.playbook === undefined) throw new MargayError("invalid_request", "Which playbook?", withNext("Say its name in `playbook`."));
    const found = plans.playbooks().find(({ name }) => name === input.playbook);
    if (found !== undefined) checkSeen(input.revision, playbookRevision(found), `The playbook ${found.name}`);
    const made = plans.runPlaybook(input.playbook, input.variables ?? {}, said);
    return {
      output: { plan_id: made.id, started: view(made), note: LATER },
      summary: `Started plan ${made.number} from ${input.playbook}`,
      receipt: { started: made.number } satisfies Receipt,
      ...marked(made),
    };
  }
  if (input.plan === undefined) throw new MargayError("invalid_request", "Which plan?", withNext("Say its number in `plan`."));
  const { id, number, steps, revision } = plans.numbered(input.plan);
  checkSeen(input.revision, revision, `Plan ${number}`);
  const answer = (after: ExecutionPlan, done: string, receipt: Receipt, note?: string): ToolOutput => ({
    output: { [done]: view(after), ...(note === undefined ? {} : { note }) },
    receipt,
    summary: `${done.slice(0, 1).toUpperCase()}${done.slice(1)} plan ${number}`,
    ...marked(after),
  });
  const before = (names: readonly string[]): Receipt => ({
    plan: number,
    steps: steps.filter(({ name }) => names.includes(name)).map(written),
  });
  switch (input.do) {
    case "run":
      return answer(plans.run(id, true, said), "started", { started: number }, LATER);
    case "cancel":
      return answer(plans.cancel(id, said), "cancelled", { cancelled: number });
    case "retry":
      return answer(plans.retry(id, said), "started", { started: number }, LATER);
    case "approve":
    case "reject": {
      const decision = input.do === "approve" ? ("approved" as const) : ("rejected" as const);
      const open = steps.filter(({ status }) => status === "proposed").map(({ name }) => name);
      const names = input.step === undefined ? open : [input.step];
      if (names.length === 0) throw new MargayError("conflict", `Every step of plan ${number} is decided about.`);
      for (const name of names) plans.change(id, name, { decision }, said);
      return answer(plans.numbered(number), decision, before(names));
    }
    case "edit": {
      if (input.step === undefined) throw new MargayError("invalid_request", "Which step?", withNext("Say its name in `step`."));
      const { title, work } = input;
      if (title === undefined && work === undefined) throw new MargayError("invalid_request", "Say what changes: title or work.");
      const patch = { ...(title === undefined ? {} : { title }), ...(work === undefined ? {} : { work }) };
      return answer(plans.change(id, input.step, patch, said), "changed", before([input.step]), "The step has to be approved again.");
    }
    case "save_playbook":
      return save(input, id, context);
  }
}

/** What is written of a step, and decided. */
const written = ({ name, title, work, after, status }: PlanStepView): StepPatch & { name: string } => ({
  name,
  title,
  work,
  after,
  decision: status === "approved" || status === "rejected" ? status : "proposed",
});

function takeBack(receipt: unknown, context: ToolContext<PlanStores>): ToolOutput {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
  const { plans } = context.stores;
  const said = saidBy(context);
  const { data } = parsed;
  if ("saved" in data) {
    const { name } = plans.deletePlaybook(data.saved, said);
    return { output: { deleted: name }, summary: `Deleted the playbook ${name}` };
  }
  const number = "plan" in data ? data.plan : "started" in data ? data.started : data.cancelled;
  const { id } = plans.numbered(number);
  if ("started" in data) plans.cancel(id, said);
  else if ("cancelled" in data) plans.retry(id, said);
  else for (const { name, ...patch } of data.steps) plans.change(id, name, patch, said);
  const what = "started" in data ? "Stopped" : "cancelled" in data ? "Started again" : "Put back";
  return { output: { done: `${what} plan ${number}` }, summary: `${what} plan ${number}` };
}

const LATER = "What comes of it is told by itself. Say that it runs and end your answer; do not wait for it.";

function save({ playbook: name, variables = {} }: Input, planId: string, context: ToolContext<PlanStores>): ToolOutput {
  if (name === undefined) throw new MargayError("invalid_request", "What shall it be called?", withNext("Say it in `playbook`."));
  const named = Object.entries(variables).map(([one, text]) => ({ ...PlaybookVariable.parse({ name: one }), text }));
  const made = context.stores.plans.save({ plan_id: planId, name, description: "", variables: named }, saidBy(context));
  return {
    output: { saved: made.name },
    summary: `Saved the playbook ${made.name}`,
    receipt: { saved: made.name } satisfies Receipt,
    ...(made.tainted ? { untrusted: "a playbook" } : {}),
  };
}
