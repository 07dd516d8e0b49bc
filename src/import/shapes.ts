import { z } from "zod";

/** What was found in what a person brings from another product, and what became of it. */

export const ImportFormat = z.enum(["openclaw", "chatgpt", "claude", "markdown"]);
export type ImportFormat = z.infer<typeof ImportFormat>;

export const ImportItemKind = z.enum(["persona", "memory", "conversation", "document", "skill"]);

/** A line of the plan: one kind of thing and what will be done with it. */
export const ImportPlanLine = z.object({
  kind: ImportItemKind,
  count: z.number().int(),
  /** "12 memories from MEMORY.md and memory/*.md". */
  what: z.string(),
  /** Some of it, so that the person sees that it was understood. */
  examples: z.array(z.string()).max(5),
});

export const ImportPlan = z.object({
  id: z.string(),
  format: ImportFormat,
  lines: z.array(ImportPlanLine),
  /** What is not taken over, and why. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type ImportPlan = z.infer<typeof ImportPlan>;

export const ImportReport = z.object({
  id: z.string(),
  format: ImportFormat,
  status: z.enum(["planned", "running", "done", "failed"]),
  /** 0 to 1. */
  progress: z.number(),
  /** By kind. */
  added: z.record(ImportItemKind, z.number().int()),
  /** There already, from an earlier run. */
  known: z.record(ImportItemKind, z.number().int()),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type ImportReport = z.infer<typeof ImportReport>;
