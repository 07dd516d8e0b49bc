import { MargayError } from "../errors.ts";
import { inOrder, namesOf, needsOf, type Ordered } from "./order.ts";
import { countReferences, referencesOf } from "./references.ts";

/** What is known of what steps name. */
export interface StepWorld {
  hasProfile(name: string): boolean;
  /** Why a tool cannot be called so by a step, as a sentence; null: it can. */
  toolProblem(tool: string, input: unknown, filledLater: boolean): string | null;
}

/** How often the texts of one step may name others. */
const MAX_REFERENCES = 50;

/** The name that stands for the event that a listener begins a playbook with. */
export const EVENT = "event";

/**
 * Throws `invalid_request` with a sentence that says what is wrong: names that are not there or come twice, steps that wait for each other, an unknown profile or tool, an input that the tool does not take. `variables`: names
 * that stand for something else than a step's result.
 */
export function checkSteps(steps: readonly Ordered[], variables: readonly string[], world: StepWorld): void {
  const names = namesOf(steps);
  if (names.size < steps.length) {
    const twice = steps.find(({ name }, index) => steps.findIndex((other) => other.name === name) !== index);
    throw wrong(`Two steps are called "${twice?.name ?? ""}". Give each its own name.`);
  }
  for (const variable of variables)
    if (names.has(variable)) throw wrong(`"${variable}" is the name of a step and of a variable. Rename one of them.`);
  for (const step of steps) checkStep(step, names, variables, world);
  if (inOrder(steps) === null) throw wrong(`These steps wait for each other, so none could begin: ${circle(steps).join(", ")}.`);
}

function checkStep(step: Ordered, names: ReadonlySet<string>, variables: readonly string[], world: StepWorld): void {
  const { name, work, after } = step;
  const own = needsOf(step, new Set([name]));
  if (own.length > 0) throw wrong(`Step "${name}" waits for itself.`);
  for (const other of after)
    if (!names.has(other)) throw wrong(`Step "${name}" comes after "${other}", but there is no step of that name.`);
  if (countReferences(work) > MAX_REFERENCES)
    throw wrong(`Step "${name}" names others ${countReferences(work)} times. At most ${MAX_REFERENCES} times.`);
  const references = referencesOf(work);
  for (const other of references)
    if (!names.has(other) && !variables.includes(other))
      throw wrong(`Step "${name}" names {{${other}}}, but there is no step${variables.length > 0 ? " or variable" : ""} of that name.`);
  if (work.kind === "agent") {
    if (!world.hasProfile(work.profile))
      throw wrong(`Step "${name}": there is no profile called ${work.profile}. GET /api/v1/profiles and the page of tasks show them.`);
    return;
  }
  const problem = world.toolProblem(work.tool, work.input, references.length > 0);
  if (problem !== null) throw wrong(`Step "${name}": ${problem}`);
}

/** The names of those that can never begin. */
function circle(steps: readonly Ordered[]): string[] {
  let left = [...steps];
  for (;;) {
    const names = namesOf(left);
    const stuck = left.filter((step) => needsOf(step, names).length > 0);
    if (stuck.length === left.length) return left.map(({ name }) => name);
    left = stuck;
  }
}

const wrong = (message: string): MargayError => new MargayError("invalid_request", message);
