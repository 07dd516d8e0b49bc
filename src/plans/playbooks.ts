import type { NewAuditEntry } from "../db/object/audit.ts";
import type { PlaybookStore, PlaybookUse } from "../db/object/playbooks.ts";
import { MargayError } from "../errors.ts";
import { BUILT_IN_PLAYBOOKS } from "./built-in-playbooks.ts";
import { checkSteps, EVENT } from "./check-steps.ts";
import type { PlanBy, PlanOrigin, Plans } from "./plans.ts";
import { fillOnce, filledLength, fillWork, namesIn, referencesOf, textsOf } from "./references.ts";
import {
  type ExecutionPlan,
  MAX_PLAN_STEPS,
  MAX_PLAYBOOKS,
  type PlaybookFromPlan,
  PlaybookInput,
  type PlaybookPatch,
  type PlaybookView,
} from "./shapes.ts";
import { MAX_TASK_INPUT } from "../tasks/shapes.ts";
import { MAX_FILLED } from "./step-input.ts";
import type { PlanData } from "./stored-plan.ts";
import type { PlaybookStep, StoredPlaybook } from "./stored-playbook.ts";
import { withVariables } from "./with-variables.ts";

export interface PlaybooksDeps {
  store: PlaybookStore;
  plans: Plans;
  /** What would run a playbook of that name by itself, each as a person calls it. */
  usedBy(name: string): string[];
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  /** UTC milliseconds. */
  now(): number;
}

/** How a playbook is run. */
export interface PlaybookStart extends PlanOrigin {
  name: string;
  variables: Readonly<Record<string, string>>;
  /** What comes along under a reserved name and is nobody's word. */
  data: Record<string, PlanData>;
}

/** Plans with blanks, to be run again and again: Margay's own and the user's. Refusals are `MargayError`s with a sentence. */
export class Playbooks {
  constructor(private readonly deps: PlaybooksDeps) {}

  list(): PlaybookView[] {
    const uses = this.deps.store.uses();
    return [...BUILT_IN.values(), ...this.deps.store.all()].map((playbook) => view(playbook, uses.get(playbook.name)));
  }

  get(name: string): PlaybookView {
    return view(this.#find(name), this.deps.store.uses().get(name));
  }

  has(name: string): boolean {
    return BUILT_IN.has(name) || this.deps.store.get(name) !== null;
  }

  add(input: PlaybookInput, by: PlanBy): PlaybookView {
    const steps = input.steps.map((step) => ({ ...step, author: by.author }));
    return this.#make({ ...input, steps, tainted: by.tainted }, by);
  }

  /** A plan that was made before becomes one. What a model wrote in it stays the model's. */
  fromPlan({ plan_id, name, title, description, variables }: PlaybookFromPlan, by: PlanBy): PlaybookView {
    const plan = this.deps.plans.get(plan_id);
    const made = withVariables({ goal: plan.goal, steps: plan.steps }, variables);
    const named = variables.map(({ text: _, ...variable }) => variable);
    const known = { name, title: title ?? titleOf(plan.goal), description, variables: named, ...made };
    // The texts were shortened or lengthened: what is too long now is refused as it would be from outside.
    const parsed = PlaybookInput.safeParse({ ...known, steps: made.steps.map(({ author: _, ...step }) => step) });
    if (!parsed.success) throw new MargayError("invalid_request", parsed.error.issues[0]?.message ?? "That cannot become a playbook.");
    return this.#make({ ...known, tainted: plan.tainted || by.tainted }, by);
  }

  update(name: string, patch: PlaybookPatch, by: PlanBy): PlaybookView {
    const { store, transaction, now } = this.deps;
    if (BUILT_IN.has(name))
      throw new MargayError("forbidden", `${name} is a playbook of Margay's own and stays as it is. Copy it under another name.`);
    const before = store.get(name) ?? missing(name);
    const steps = patch.steps?.map((step): PlaybookStep => {
      const same = before.steps.find((one) => JSON.stringify(one.work) === JSON.stringify(step.work));
      return { ...step, author: same?.author ?? by.author };
    });
    const { steps: _, ...rest } = patch;
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const after: StoredPlaybook = { ...before, ...given, steps: steps ?? before.steps, tainted: before.tainted || by.tainted };
    this.#check(after);
    transaction(() => {
      store.put({ ...after, createdAt: before.createdAt ?? now(), updatedAt: now() });
      this.#audit(after, "changed", by);
    });
    return this.get(name);
  }

  delete(name: string, by: PlanBy): PlaybookView {
    const { store, transaction } = this.deps;
    if (BUILT_IN.has(name)) throw new MargayError("forbidden", `${name} is a playbook of Margay's own and cannot be deleted.`);
    const gone = this.get(name);
    // They hold it by its name, and would run whatever is called so later.
    const users = this.deps.usedBy(name);
    if (users.length > 0)
      throw new MargayError("conflict", `The playbook ${name} is used by ${users.join(", ")}. Change or delete those first.`);
    transaction(() => {
      this.#audit(this.#find(name), "deleted", by);
      store.delete(name);
    });
    return gone;
  }

  /** Makes a plan of it that runs at once: whoever runs it has decided. May be called within a transaction. */
  run({ name, variables, data, ...from }: PlaybookStart, by: PlanBy): ExecutionPlan {
    const { store, plans, transaction, now } = this.deps;
    const made = plans.made(from.key);
    if (made !== null) return made.plan;
    const playbook = this.#find(name);
    const values = this.#values(playbook, variables, Object.keys(data));
    const filled = (names: readonly string[]): boolean => names.some((one) => Object.hasOwn(variables, one));
    const valueOf = (one: string): string | undefined => values.get(one);
    // What comes along is data: a heading only says that it does.
    const named = (text: string): string =>
      fillOnce(text, (one) => values.get(one) ?? (Object.hasOwn(data, one) ? `the ${one}` : undefined));
    for (const { name: step, work } of playbook.steps)
      if (filledLength(textsOf(work), valueOf) > (work.kind === "agent" ? MAX_TASK_INPUT : MAX_FILLED))
        throw new MargayError("invalid_request", `${TOO_LONG} step ${step} would be too long. Give shorter ones.`);
    if (filledLength([playbook.goal], valueOf) > MAX_TASK_INPUT)
      throw new MargayError("invalid_request", `${TOO_LONG} the goal would be too long. Give shorter ones.`);
    return transaction(() => {
      const plan = plans.make(
        {
          ...from,
          goal: named(playbook.goal),
          steps: playbook.steps.map((step) => ({
            ...step,
            title: named(step.title).slice(0, 200).toWellFormed(),
            work: fillWork(step.work, valueOf),
            // What was put into it is the word of whoever gave it.
            author: by.author === "agent" && filled(referencesOf(step.work)) ? "agent" : step.author,
          })),
          tainted: playbook.tainted || by.tainted,
          playbook: name,
          data,
          run: true,
        },
        by,
      );
      store.used(name, now());
      return plan;
    });
  }

  /** Throws where it cannot be run so: there is none, a variable is missing or unknown. `given`: reserved names that come along. */
  check(name: string, variables: Readonly<Record<string, string>>, given: readonly string[]): void {
    this.#values(this.#find(name), variables, given);
  }

  #values(playbook: StoredPlaybook, given: Readonly<Record<string, string>>, reserved: readonly string[]): Map<string, string> {
    const names = playbook.variables.map(({ name }) => name);
    const unknown = Object.keys(given).find((name) => !names.includes(name) || reserved.includes(name));
    if (unknown !== undefined)
      throw new MargayError(
        "invalid_request",
        `The playbook ${playbook.name} has no variable called ${unknown}${names.length === 0 ? "; it has none" : `. It has: ${names.join(", ")}`}.`,
      );
    const open = playbook.variables.filter(({ name }) => !reserved.includes(name));
    const missed = open
      .filter((variable) => variable.default === null && (given[variable.name] ?? "").trim() === "")
      .map(({ name }) => name);
    const used = playbook.steps.flatMap(({ work }) => referencesOf(work));
    if (used.includes(EVENT) && !reserved.includes(EVENT) && !names.includes(EVENT)) missed.push(EVENT);
    if (missed.length > 0)
      throw new MargayError(
        "invalid_request",
        `The playbook ${playbook.name} needs ${missed.map((name) => `\`${name}\``).join(", ")}.${missed.includes(EVENT) ? " A listener gives it." : ""}`,
      );
    return new Map(open.map(({ name, default: usual }) => [name, textOf(given[name], usual)]));
  }

  #make(playbook: Omit<StoredPlaybook, "createdAt" | "updatedAt">, by: PlanBy): PlaybookView {
    const { store, transaction, now } = this.deps;
    if (this.has(playbook.name)) throw new MargayError("conflict", `There is a playbook called ${playbook.name} already.`);
    if (store.count() >= MAX_PLAYBOOKS)
      throw new MargayError("conflict", `There are ${MAX_PLAYBOOKS} playbooks already. Delete one that is not used.`);
    this.#check(playbook);
    transaction(() => {
      store.put({ ...playbook, createdAt: now(), updatedAt: now() });
      this.#audit(playbook, "created", by);
    });
    return this.get(playbook.name);
  }

  #check({ goal, steps, variables }: Pick<StoredPlaybook, "goal" | "steps" | "variables">): void {
    const names = variables.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new MargayError("invalid_request", `Two variables are called "${twice}".`);
    if (steps.length > MAX_PLAN_STEPS) throw new MargayError("invalid_request", `At most ${MAX_PLAN_STEPS} steps.`);
    const unknown = namesIn(goal).find((name) => !names.includes(name) && name !== EVENT);
    if (unknown !== undefined)
      throw new MargayError("invalid_request", `The goal names {{${unknown}}}, but there is no variable of that name.`);
    checkSteps(steps, [...new Set([...names, EVENT])], this.deps.plans.world);
  }

  #find(name: string): StoredPlaybook {
    return BUILT_IN.get(name) ?? this.deps.store.get(name) ?? missing(name);
  }

  #audit(playbook: Pick<StoredPlaybook, "name" | "goal" | "steps" | "tainted">, event: string, by: PlanBy): void {
    this.deps.audit({
      kind: "plan",
      event: `playbook_${event}`,
      actor: by.author,
      channel: by.channel,
      subject: playbook.name,
      tainted: playbook.tainted || by.tainted,
      input: JSON.stringify([playbook.goal, playbook.steps]),
      summary: `Playbook ${playbook.name} ${event}`,
    });
  }
}

/** Written by us: what is put into their blanks is the user's. */
const BUILT_IN: ReadonlyMap<string, StoredPlaybook> = new Map(
  BUILT_IN_PLAYBOOKS.map((playbook) => [
    playbook.name,
    {
      ...playbook,
      steps: playbook.steps.map((step) => ({ ...step, author: "user" as const })),
      tainted: false,
      createdAt: null,
      updatedAt: null,
    },
  ]),
);

const TOO_LONG = "With these variables put in,";

const textOf = (given: string | undefined, usual: string | null): string => {
  const text = given?.trim() ?? "";
  return text === "" ? (usual ?? "") : text;
};

const titleOf = (goal: string): string => {
  const line = goal.split("\n", 1)[0]?.trim() ?? "";
  return line.length <= 120 ? line : `${line.slice(0, 119).toWellFormed()}…`;
};

const view = ({ steps, createdAt, updatedAt, ...playbook }: StoredPlaybook, use: PlaybookUse | undefined): PlaybookView => ({
  ...playbook,
  steps: steps.map(({ author: _, ...step }) => step),
  built_in: BUILT_IN.has(playbook.name),
  runs: use?.runs ?? 0,
  last_run_at: use?.lastRunAt ?? null,
  created_at: createdAt,
  updated_at: updatedAt,
});

function missing(name: string): never {
  throw new MargayError("not_found", `There is no playbook called ${name}.`);
}
