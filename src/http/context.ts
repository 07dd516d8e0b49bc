import { z } from "zod";
import { ContextView } from "../agent/context-shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { defineRoute, type Route } from "./route.ts";

export const contextRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/context/{id}",
    who: "user",
    tag: "Chat",
    summary: "What an answer was made from",
    params: z.object({
      /** Of the answer's message, or of its turn. */
      id: z.string().min(1).max(64),
    }),
    responses: {
      200: { description: "Its parts with their sizes, and every source with why it was there.", schema: ContextView },
      404: { description: "`not_found`: nothing is recorded, as for commands and for answers older than 90 days." },
    },
    handle: (context) => askAgent(context, "context.of", context.params.id),
  }),
];
