import { z } from "zod";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** A change that can be taken back. */
export const UndoableView = z.object({
  /** Of the call that made it. */
  id: z.string(),
  tool: z.string(),
  summary: z.string(),
  /** UTC milliseconds. */
  at: z.number().int(),
});
export type UndoableView = z.infer<typeof UndoableView>;

export const undoRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/undo",
    who: "user",
    tag: "Audit",
    summary: "Changes that can be taken back",
    responses: { 200: { description: "The newest 20, newest first.", schema: z.object({ changes: z.array(UndoableView) }) } },
    handle: async (context) => ({ changes: await withAgent(context, (agent, caller) => agent.undoable(caller)) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/undo",
    who: "user",
    tag: "Audit",
    summary: "Take back the last change, or the one with this `id`",
    body: z.object({ id: z.string().min(1).max(200).optional() }),
    responses: {
      200: { description: "What was taken back.", schema: UndoableView.extend({ result: z.string() }) },
      404: { description: "`not_found`: there is nothing to take back, or it was already." },
      409: { description: "`conflict`: it cannot be any more; the message says why." },
    },
    handle: (context) => withAgent(context, (agent, caller) => agent.undo(caller, context.body.id ?? null)),
  }),
];
