import { z } from "zod";

/** p1 is the most urgent. */
export const Priority = z.enum(["p1", "p2", "p3", "p4"]);

export const Todo = z.object({
  id: z.string(),
  title: z.string(),
  notes: z.string(),
  priority: Priority,
  /** UTC milliseconds; null: no due date. */
  dueAt: z.number().int().nullable(),
  /** A due date without a time of day is kept as the end of that day in `timeZone`, and shown as a date. */
  dueHasTime: z.boolean(),
  timeZone: z.string(),
  status: z.enum(["open", "done"]),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  completedAt: z.number().int().nullable(),
  /** Written on behalf of content that nobody vouches for: to read it is to read that content. */
  tainted: z.boolean(),
});
export type Todo = z.infer<typeof Todo>;

const title = z.string().trim().min(1).max(500);
const notes = z.string().max(10_000);
/** An ISO 8601 instant or date (`2026-12-01`, `2026-12-01T09:00`), or plain words (`tomorrow at 9`), in the user's time zone. */
const due = z.string().min(1).max(200);

export const TodoInput = z.object({ title, notes: notes.default(""), priority: Priority.default("p4"), due: due.nullish() });
export type TodoInput = z.infer<typeof TodoInput>;

/** `due: null` removes the due date. */
export const TodoPatch = z
  .object({ title, notes, priority: Priority, due: due.nullable(), status: z.enum(["open", "done"]) })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, "names nothing to change");
export type TodoPatch = z.infer<typeof TodoPatch>;

export const TodoQuery = z.object({
  status: z.enum(["open", "done", "all"]).default("open"),
  search: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type TodoQuery = z.infer<typeof TodoQuery>;
