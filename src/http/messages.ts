import { MessagePage, MessageQuery } from "../agent/user-agent-api.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

export const messagesRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/messages",
    who: "user",
    tag: "Chat",
    summary: "The conversation, a page at a time, newest page first; or a search in it",
    query: MessageQuery,
    responses: {
      200: { description: "Oldest first within the page. Pass `next_before` as `before` for the page before.", schema: MessagePage },
    },
    handle: (context) => retrying(() => withAgent(context, (agent, caller) => agent.messages(caller, context.query))),
  }),
];
