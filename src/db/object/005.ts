import { planSchema } from "./plans.ts";
import { playbookSchema } from "./playbooks.ts";

/** Plans of steps, playbooks, and which messages ask for a plan instead of the work. */
export const schema005: readonly string[] = [
  ...planSchema,
  ...playbookSchema,
  // `plan`: the message is answered by a plan and nothing is done; null: as ever.
  `ALTER TABLE inbox ADD COLUMN mode TEXT`,
  // A schedule's playbook: JSON of what is put into its blanks. Not null: `profile` is the name of a playbook (`kind` knows no other word than its first ones).
  `ALTER TABLE schedule ADD COLUMN variables TEXT`,
];
