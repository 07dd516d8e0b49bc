import { z } from "zod";
import { CallOutput } from "../channels/events.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

export const callRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/calls/{id}",
    who: "user",
    tag: "Chat",
    summary: "What came of a tool call of your agent: what a program printed, what a page said",
    params: z.object({
      /** `<turn_id>:<call_id>` of an answer, `<task id>:<call_id>` of a step of a task. */
      id: z.string().min(1).max(200),
    }),
    responses: {
      200: { description: "As it was recorded.", schema: CallOutput },
      404: { description: "`not_found`: there is no such call of yours, or it was too long ago." },
    },
    handle: (context) => retrying(() => askAgent(context, "calls.output", context.params.id)),
  }),
];
