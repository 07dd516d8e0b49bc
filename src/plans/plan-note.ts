import type { ProfileView } from "../tasks/shapes.ts";
import { COORDINATOR_ONLY } from "../tasks/profile.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import { MAX_PLAN_STEPS } from "./shapes.ts";

const EXAMPLE = JSON.stringify({
  name: "propose_plan",
  input: {
    goal: "A trip to Oslo",
    steps: [
      {
        name: "find_flights",
        title: "Find flights",
        work: { kind: "agent", profile: "research", input: "Find flights to Oslo …" },
      },
      {
        name: "note_them",
        title: "Note what to book",
        work: { kind: "tool", tool: "add_todo", input: { title: "Book {{find_flights}}" } },
      },
    ],
  },
});

/**
 * What a turn that only makes a plan is told, beside the user's message and not in the fixed part of the prompt, which stays the same for every turn. The call is shown whole: `propose_plan` is not among the tools that are
 * offered in full, so that this costs nothing in all other turns.
 */
export function planNote(profiles: readonly Pick<ProfileView, "name" | "purpose">[], tools: readonly CompiledTool[]): string {
  const names = tools.map(({ name }) => name).filter((name) => !COORDINATOR_ONLY.has(name));
  return `[margay] The user wants a plan for this, and not the work itself. Nothing is done now: calls that change something are refused. Look around by reading, only as far as you need to, then propose the whole plan with one call: call_tool with
${EXAMPLE}
(directly, where propose_plan is among your tools). One to ${MAX_PLAN_STEPS} steps, as few as do it. {{name}} in a text stands for the result of that step, and waits for it; "after": ["name"] waits without it. Steps that need nothing of each other run at once. A step of the kind agent works alone and sees nothing of this conversation: its input says everything it has to know. Profiles: ${profiles.map(({ name, purpose }) => `${name} (${purpose})`).join("; ")}. A step of the kind tool is one call; tools: ${names.join(", ")} (find_tools says how they are called). Then say in a sentence or two what the plan is and what it leaves open, and end your answer: the user sees the steps beside it.`;
}
