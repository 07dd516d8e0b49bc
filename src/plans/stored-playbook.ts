import { z } from "zod";
import { StoredWork } from "./stored-plan.ts";

/** A step of a playbook, and who wrote it: what a model wrote does not become the user's word by being saved. */
export const PlaybookStep = z.object({
  name: z.string(),
  title: z.string(),
  work: StoredWork,
  after: z.array(z.string()),
  author: z.enum(["user", "agent"]),
});
export type PlaybookStep = z.infer<typeof PlaybookStep>;

/** A plan with blanks, to be run again and again. Of any length, since forgetting may have taken words out. */
export const StoredPlaybook = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  goal: z.string(),
  variables: z.array(z.object({ name: z.string(), description: z.string(), default: z.string().nullable() })),
  steps: z.array(PlaybookStep),
  tainted: z.boolean(),
  createdAt: z.number().nullable(),
  updatedAt: z.number().nullable(),
});
export type StoredPlaybook = z.infer<typeof StoredPlaybook>;
