import { z } from "zod";
import { version } from "../../package.json";
import { defineRoute, type Route } from "./route.ts";

export const healthRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/health",
    who: "anyone",
    tag: "Service",
    summary: "Whether this Margay answers",
    responses: { 200: { description: "It does.", schema: z.object({ status: z.literal("ok"), version: z.string() }) } },
    // Touches neither D1 nor an object: it says that the Worker runs, and nothing about what is behind it.
    handle: () => ({ status: "ok", version }),
  }),
];
