import { z } from "zod";
import { Stats } from "../agent/shapes.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

export const statsRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/stats",
    who: "user",
    tag: "Usage",
    summary: "Tokens and cost of the last days, by model, agent and day, with what is left of the budget",
    query: z.object({ days: z.coerce.number().int().min(1).max(366).default(7) }),
    responses: {
      200: { description: "Costs are millionths of a US dollar; null where the price of a model is not known.", schema: Stats },
    },
    handle: (context) => retrying(() => withAgent(context, (agent, caller) => agent.stats(caller, context.query.days))),
  }),
];
