import { UserWord } from "../permission/user-word.ts";
import { COORDINATOR_ONLY } from "../tasks/profile.ts";
import type { StepWorld } from "./check-steps.ts";
import type { PlansDeps } from "./plans-deps.ts";

/** What no step may call: what plans themselves, and other work that goes on by itself, is begun and changed with. */
const NEVER: ReadonlySet<string> = new Set([...COORDINATOR_ONLY, "propose_plan", "change_plan", "list_plans"]);

const NOBODY = { word: new UserWord([]), given: new Set<string>() };

/** What steps may name, as it is now. */
export const stepWorld = ({ tools, toolsOfProfile }: Pick<PlansDeps, "tools" | "toolsOfProfile">): StepWorld => ({
  hasProfile: (name) => toolsOfProfile(name) !== null,
  toolProblem(name, input, filledLater) {
    const tool = tools().find((one) => one.name === name);
    if (tool === undefined) return `there is no tool called ${name}.`;
    if (NEVER.has(name)) return `${name} cannot be a step of a plan.${name === "delegate" ? " Use a step of the kind `agent`." : ""}`;
    // What is put into it later may be what makes it right.
    if (filledLater) return null;
    const foreseen = tool.foresee?.({ input, tainted: false, provenance: NOBODY, taskId: null });
    return foreseen?.kind === "invalid" ? `${name} does not take that input: ${foreseen.reason}` : null;
  },
});
