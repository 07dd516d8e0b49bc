import type { Step } from "./model-server-script.ts";

/** What stands in every request of the coordinator, and of an executor. */
export const COORDINATOR = "You are Margay, the user's private assistant";
export const EXECUTOR = "You are working alone in the background";

/** A step for the coordinator, or for the executor whose task holds `about`. */
export const coordinator = (step: Step, ...about: string[]): Step => ({ ...step, when: [COORDINATOR, ...about] });
export const worker = (step: Step, ...about: string[]): Step => ({ ...step, when: [EXECUTOR, ...about] });

/** The coordinator gives work away, and says so. */
export const delegates = (task: string, input: Record<string, unknown> = {}): Step[] => [
  coordinator({ toolCalls: [{ name: "delegate", input: { task, ...input } }] }),
  coordinator({ text: "Started." }),
];
