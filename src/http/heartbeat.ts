import { HeartbeatStatus } from "../heartbeat/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

export const heartbeatRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/heartbeat",
    who: "user",
    tag: "Settings",
    summary: "What your agent looked at by itself, and when it looks next. How often and for what is in your settings",
    responses: { 200: { description: "As it is now; looks that found something, newest first.", schema: HeartbeatStatus } },
    handle: (context) => retrying(() => askAgent(context, "heartbeat.status", null)),
  }),
];
