import { planSchema } from "./plans.ts";
import { playbookSchema } from "./playbooks.ts";

/** Plans of steps, playbooks, and which messages ask for a plan instead of the work. */
export const schema005: readonly string[] = [
  ...planSchema,
  ...playbookSchema,
  // `plan`: the message is answered by a plan and nothing is done; null: as ever.
  `ALTER TABLE inbox ADD COLUMN mode TEXT`,
];
