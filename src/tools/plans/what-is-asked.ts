import { toolTitle } from "../../permission/tool-title.ts";
import { revisionOf } from "../../plans/plan-revision.ts";
import type { StepDraft, StepWork } from "../../plans/shapes.ts";
import type { PlanPort } from "./plan-port.ts";

/** What a change is about, as it is now. */
export interface Asked {
  /** Another one when it was changed since. */
  revision: string;
  /** What it is, for a person who is asked. */
  words: string;
}

const SHOWN = 1_200;
const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`);
const line = (text: string, most: number): string => short(text.replaceAll(/\s+/gu, " "), most);

/** A step by its title and by what it really calls: a title says what its writer likes. */
const stepWords = ({ title, work }: Pick<StepDraft, "title" | "work">): string =>
  `${line(title, 80)} (${work.kind === "agent" ? work.profile : toolTitle(work.tool)})`;

/** What a step does, in full as far as there is room. */
export const workWords = (work: StepWork): string =>
  work.kind === "agent" ? `${work.profile}: ${line(work.input, 500)}` : `${toolTitle(work.tool)} ${line(JSON.stringify(work.input), 500)}`;

function list(steps: readonly Pick<StepDraft, "title" | "work">[]): string {
  const words = steps.map((step, index) => `${index + 1}. ${stepWords(step)}`);
  const room = words.filter((_, index) => words.slice(0, index + 1).join("; ").length <= SHOWN);
  const left = words.length - room.length;
  return `${room.join("; ")}${left === 0 ? "" : `; and ${left} more`}`;
}

/** null: there is no such plan. `step`: only that one is meant. */
export function askedPlan(plans: PlanPort, number: number, step?: string): Asked | null {
  const plan = plans.find(number);
  if (plan === null) return null;
  const meant = plan.steps.filter(({ name, status }) => (step === undefined ? status !== "rejected" : name === step));
  return { revision: plan.revision, words: `“${line(plan.goal, 200)}”: ${list(meant)}` };
}

/** null: there is no such playbook. */
export function askedPlaybook(plans: PlanPort, name: string, variables: Readonly<Record<string, string>>): Asked | null {
  const found = plans.playbooks().find((one) => one.name === name);
  if (found === undefined) return null;
  const given = Object.entries(variables).map(([variable, text]) => `${variable}=${JSON.stringify(line(text, 100))}`);
  return { revision: playbookRevision(found), words: `${given.length === 0 ? "" : `${given.join(" ")}: `}${list(found.steps)}` };
}

/** Also of the texts that a playbook puts in by itself. */
export const playbookRevision = ({ goal, steps, variables }: ReturnType<PlanPort["playbooks"]>[number]): string =>
  revisionOf(JSON.stringify([goal, variables]), steps);
