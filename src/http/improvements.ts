import { ImprovementStatus } from "../self-improvement/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

export const improvementRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/improvements",
    who: "user",
    tag: "Skills",
    summary:
      "What stands out in what you asked for, and what your agent made of it. Whether it looks is in your settings (`self_improvement`)",
    responses: { 200: { description: "As it is now.", schema: ImprovementStatus } },
    handle: (context) => retrying(() => askAgent(context, "improvements.status", null)),
  }),
];
